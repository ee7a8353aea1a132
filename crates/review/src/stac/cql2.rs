//! CQL2 text (OGC 21-065r2) becomes CQL2 JSON, which the catalog reads. What the catalog cannot do is refused there.

use serde_json::{Value, json};

use crate::Problem;
use crate::stac::token::{Token, refused, tokens};
use crate::stac::wkt;

/// Deepest nesting of brackets and `NOT`: far beyond what people write, and safe for the stack.
const DEEPEST: usize = 32;

/// Reads a filter.
pub(super) fn parse(text: &str) -> Result<Value, Problem> {
    let mut reader = Reader { tokens: tokens(text)?, at: 0, depth: 0 };
    let filter = reader.either()?;
    if reader.peek().is_some() { Err(refused("something follows its end")) } else { Ok(filter) }
}

/// Words of a filter that are read one after the other.
pub(super) struct Reader {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Reader {
    /// The word that comes next.
    pub fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    /// Goes on to the word after it.
    pub fn skip(&mut self) {
        self.at += 1;
    }

    /// Whether a sign comes next.
    pub fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Token::Sign(own)) if *own == sign)
    }

    /// Whether a keyword comes next.
    pub fn is_name(&self, name: &str) -> bool {
        matches!(self.peek(), Some(Token::Name(own)) if own.eq_ignore_ascii_case(name))
    }

    /// Takes a sign.
    pub fn expect(&mut self, sign: &str) -> Result<(), Problem> {
        let found = self.is_sign(sign);
        self.skip();
        found.then_some(()).ok_or_else(|| refused(&format!("{sign} is missing")))
    }

    /// Takes a number.
    pub fn number(&mut self) -> Result<f64, Problem> {
        match self.take() {
            Some(Token::Number(number)) => Ok(number),
            _ => Err(refused("a number is missing")),
        }
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.skip();
        token
    }

    /// Takes a keyword, if it comes next.
    fn has(&mut self, name: &str) -> bool {
        let found = self.is_name(name);
        self.at += usize::from(found);
        found
    }

    fn either(&mut self) -> Result<Value, Problem> {
        self.joined("or", Self::both)
    }

    fn both(&mut self) -> Result<Value, Problem> {
        self.joined("and", Self::one)
    }

    fn joined(&mut self, op: &str, part: fn(&mut Self) -> Result<Value, Problem>) -> Result<Value, Problem> {
        let mut parts = vec![part(self)?];
        while self.has(op) {
            parts.push(part(self)?);
        }
        Ok(if parts.len() == 1 { parts.swap_remove(0) } else { json!({ "op": op, "args": parts }) })
    }

    fn one(&mut self) -> Result<Value, Problem> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(refused("it is nested too deeply"));
        }
        let condition = if self.has("NOT") {
            negated(self.one()?)
        } else if self.is_sign("(") {
            self.skip();
            let inner = self.either()?;
            self.expect(")")?;
            inner
        } else {
            self.predicate()?
        };
        self.depth -= 1;
        Ok(condition)
    }

    fn predicate(&mut self) -> Result<Value, Problem> {
        let left = self.operand()?;
        if let Some(Token::Sign(op @ ("=" | "<>" | "<" | "<=" | ">" | ">="))) = self.peek().cloned() {
            self.skip();
            return Ok(json!({ "op": op, "args": [left, self.operand()?] }));
        }
        if self.has("IS") {
            let not = self.has("NOT");
            let known = self.has("NULL");
            let condition = json!({ "op": "isNull", "args": [left] });
            return known.then(|| turned(not, condition)).ok_or_else(|| refused("NULL is missing after IS"));
        }
        let not = self.has("NOT");
        let condition = if self.has("LIKE") {
            json!({ "op": "like", "args": [left, self.operand()?] })
        } else if self.has("BETWEEN") {
            let from = self.operand()?;
            if !self.has("AND") {
                return Err(refused("AND is missing after BETWEEN"));
            }
            json!({ "op": "between", "args": [left, from, self.operand()?] })
        } else if self.has("IN") {
            json!({ "op": "in", "args": [left, self.arguments()?] })
        } else if not {
            return Err(refused("NOT stands alone"));
        } else {
            left
        };
        Ok(turned(not, condition))
    }

    /// Operands between brackets.
    fn arguments(&mut self) -> Result<Vec<Value>, Problem> {
        self.expect("(")?;
        let mut all = Vec::new();
        while !self.is_sign(")") {
            if !all.is_empty() {
                self.expect(",")?;
            }
            all.push(self.operand()?);
        }
        self.skip();
        Ok(all)
    }

    fn operand(&mut self) -> Result<Value, Problem> {
        match self.take() {
            Some(Token::Text(text)) => Ok(json!(text)),
            Some(Token::Number(number)) => Ok(json!(number)),
            Some(Token::Quoted(name)) => Ok(json!({ "property": name })),
            Some(Token::Name(name)) => self.named(&name),
            _ => Err(refused("a value or property is missing")),
        }
    }

    /// A property, or what a function with this name yields.
    fn named(&mut self, name: &str) -> Result<Value, Problem> {
        match name.to_ascii_uppercase().as_str() {
            "TRUE" => return Ok(json!(true)),
            "FALSE" => return Ok(json!(false)),
            "AND" | "OR" | "NOT" | "LIKE" | "BETWEEN" | "IN" | "IS" | "NULL" => {
                return Err(refused(&format!("{name} stands where a value or property is wanted")));
            }
            _ => {}
        }
        if let Some(geometry) = wkt::geometry(name, self)? {
            return Ok(geometry);
        }
        if !self.is_sign("(") {
            return Ok(json!({ "property": name }));
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(refused("it is nested too deeply"));
        }
        let arguments = self.arguments()?;
        self.depth -= 1;
        let name = name.to_ascii_lowercase();
        Ok(match (name.as_str(), &arguments[..]) {
            ("date" | "timestamp", [moment]) => json!({ name: moment }),
            ("interval", _) => json!({ name: arguments }),
            _ => json!({ "op": name, "args": arguments }),
        })
    }
}

fn negated(condition: Value) -> Value {
    json!({ "op": "not", "args": [condition] })
}

fn turned(not: bool, condition: Value) -> Value {
    if not { negated(condition) } else { condition }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_the_json_of_the_standard() {
        let p = |name: &str| json!({ "property": name });
        let cases = [
            ("id = 'a''b'", json!({ "op": "=", "args": [p("id"), "a'b"] })),
            ("\"plumbline:kind\" <> 'x'", json!({ "op": "<>", "args": [p("plumbline:kind"), "x"] })),
            (
                "plumbline:measured >= -1.5e2",
                json!({ "op": ">=", "args": [p("plumbline:measured"), -150.0] }),
            ),
            ("NOT a IS NULL", json!({ "op": "not", "args": [{ "op": "isNull", "args": [p("a")] }] })),
            ("a IS NOT NULL", json!({ "op": "not", "args": [{ "op": "isNull", "args": [p("a")] }] })),
            (
                "a not in ('x', 2)",
                json!({ "op": "not", "args": [{ "op": "in", "args": [p("a"), ["x", 2.0]] }] }),
            ),
            ("gsd BETWEEN 0 AND 1", json!({ "op": "between", "args": [p("gsd"), 0.0, 1.0] })),
            (
                "casei(a) LIKE casei('B%')",
                json!({ "op": "like", "args": [
                { "op": "casei", "args": [p("a")] }, { "op": "casei", "args": ["B%"] }] }),
            ),
            (
                "datetime < TIMESTAMP('2025-01-01T00:00:00Z')",
                json!({ "op": "<", "args": [
                p("datetime"), { "timestamp": "2025-01-01T00:00:00Z" }] }),
            ),
            (
                "T_DURING(datetime, INTERVAL('..', '2025-01-01'))",
                json!({ "op": "t_during", "args": [
                p("datetime"), { "interval": ["..", "2025-01-01"] }] }),
            ),
            (
                "S_INTERSECTS(geometry, POINT(114.5 37.1))",
                json!({ "op": "s_intersects", "args": [
                p("geometry"), { "type": "Point", "coordinates": [114.5, 37.1] }] }),
            ),
            (
                "s_intersects(geometry, BBOX(1,2,3,4))",
                json!({ "op": "s_intersects", "args": [p("geometry"), {
                "type": "Polygon", "coordinates": [[[1.0, 2.0], [3.0, 2.0], [3.0, 4.0], [1.0, 4.0], [1.0, 2.0]]] }] }),
            ),
            ("TRUE", json!(true)),
        ];
        for (text, wanted) in cases {
            assert_eq!(parse(text).unwrap(), wanted, "{text}");
        }
    }

    #[test]
    fn and_binds_closer_than_or_and_brackets_closest() {
        let equal = |name: &str| json!({ "op": "=", "args": [{ "property": name }, 1.0] });
        let both = json!({ "op": "and", "args": [equal("b"), equal("c")] });
        assert_eq!(
            parse("a = 1 OR b = 1 AND c = 1").unwrap(),
            json!({ "op": "or", "args": [equal("a"), both] })
        );
        let either = json!({ "op": "or", "args": [equal("a"), equal("b")] });
        assert_eq!(
            parse("(a = 1 OR b = 1) AND c = 1").unwrap(),
            json!({ "op": "and", "args": [either, equal("c")] })
        );
    }

    #[test]
    fn geometries_of_every_sort_are_read() {
        let texts = [
            "LINESTRING(0 0, 1 1)",
            "MULTIPOINT((0 0), (1 1))",
            "MULTIPOINT(0 0, 1 1)",
            "POINT Z (1 2 3)",
            "POLYGON((0 0, 1 0, 1 1, 0 0), (0.1 0.1, 0.2 0.1, 0.2 0.2, 0.1 0.1))",
            "MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))",
            "MULTILINESTRING((0 0, 1 1), (2 2, 3 3))",
        ];
        for text in texts {
            let filter = parse(&format!("S_INTERSECTS(geometry, {text})")).unwrap();
            assert!(filter["args"][1]["coordinates"].is_array(), "{text}");
        }
    }

    #[test]
    fn what_is_no_filter_is_refused_and_never_runs_away() {
        let deep = format!("{}a = 1{}", "(".repeat(5000), ")".repeat(5000));
        let nots = format!("{} a = 1", "NOT ".repeat(3000));
        let calls = format!("{}a{} = 1", "casei(".repeat(2000), ")".repeat(2000));
        let texts = [
            "",
            "a =",
            "= 1",
            "a = 1 AND",
            "a = 1 b",
            "(a = 1",
            "a IN",
            "a IN (1",
            "a BETWEEN 1",
            "a LIKE",
            "a IS 1",
            "'open",
            "a = 'x' ; DROP TABLE items",
            "a = 1 --",
            "POLYGON((0 0, 1",
            "BBOX(1)",
            "a NOT 1",
            "a = 1e999",
            "a == 1",
            "AND",
            "\0",
            &deep,
            &nots,
            &calls,
            &"x".repeat(20_000),
        ];
        for text in texts {
            let status = parse(text).unwrap_err().status;
            assert_eq!(status, axum::http::StatusCode::BAD_REQUEST, "{}", &text[..text.len().min(40)]);
        }
    }
}
