use crate::Problem;

/// Longest CQL2 text, bytes.
const LONGEST: usize = 16 << 10;

/// A word of CQL2 text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A name, keyword or function.
    Name(String),
    /// A name between double quotes: never a keyword.
    Quoted(String),
    /// A text between single quotes.
    Text(String),
    /// A number.
    Number(f64),
    /// A comparison, bracket or comma.
    Sign(&'static str),
}

/// Signs, longer ones first.
const SIGNS: [&str; 9] = ["<>", "<=", ">=", "<", ">", "=", "(", ")", ","];

/// Cuts CQL2 text into its words.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Problem> {
    let (mut tokens, mut rest) = (Vec::new(), text.trim_start());
    if text.len() > LONGEST {
        return Err(refused("it is too long"));
    }
    while let Some(first) = rest.chars().next() {
        let (token, used) = match first {
            '\'' | '"' => quoted(rest, first)?,
            '0'..='9' | '+' | '-' | '.' => number(rest)?,
            _ => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                Some(sign) => (Token::Sign(sign), sign.len()),
                None => name(rest)?,
            },
        };
        tokens.push(token);
        rest = rest[used..].trim_start();
    }
    Ok(tokens)
}

/// A text or name between quotes; a quote inside is doubled or behind a backslash.
fn quoted(rest: &str, quote: char) -> Result<(Token, usize), Problem> {
    let mut text = String::new();
    let mut letters = rest.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        let escapes = (letter == quote || (letter == '\\' && quote == '\'')) && next == Some(quote);
        if escapes {
            text.push(quote);
            letters.next();
        } else if letter == quote {
            let token = if quote == '"' { Token::Quoted(text) } else { Token::Text(text) };
            return Ok((token, at + 1));
        } else {
            text.push(letter);
        }
    }
    Err(refused("a quote is not closed"))
}

fn number(rest: &str) -> Result<(Token, usize), Problem> {
    let mut end = 0;
    for (at, letter) in rest.char_indices() {
        let after_exponent = rest[..at].ends_with(['e', 'E']);
        let sign = (at == 0 || after_exponent) && (letter == '+' || letter == '-');
        if !(letter.is_ascii_digit() || letter == '.' || sign || (at > 0 && (letter == 'e' || letter == 'E')))
        {
            break;
        }
        end = at + letter.len_utf8();
    }
    let number = rest[..end].parse().ok().filter(|number: &f64| number.is_finite());
    Ok((Token::Number(number.ok_or_else(|| refused("a number is none"))?), end))
}

fn name(rest: &str) -> Result<(Token, usize), Problem> {
    let part = |c: char| c.is_alphanumeric() || "_:.".contains(c);
    let begins = rest.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == ':');
    let end = rest.find(|c: char| !part(c)).unwrap_or(rest.len());
    if begins { Ok((Token::Name(rest[..end].to_owned()), end)) } else { Err(refused("a sign is not known")) }
}

/// A filter that cannot be read.
pub(super) fn refused(why: &str) -> Problem {
    Problem::new(
        axum::http::StatusCode::BAD_REQUEST,
        "BadFilter",
        "筛选条件有误",
        format!("the filter cannot be read: {why}"),
    )
}
