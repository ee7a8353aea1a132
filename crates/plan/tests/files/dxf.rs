//! DXF text, written by hand as drawing programs write it.

use encoding_rs::Encoding;

/// A drawing of the given version of the format.
pub struct Drawing {
    head: String,
    blocks: String,
    entities: String,
}

/// Corners, east and north.
pub type Corners<'a> = &'a [(f64, f64)];

impl Drawing {
    pub fn new(version: &str) -> Self {
        let head = format!("9\n$ACADVER\n1\n{version}\n");
        Self { head, blocks: String::new(), entities: String::new() }
    }

    /// R2000 in the Chinese code page.
    pub fn r2000() -> Self {
        Self::new("AC1015").code_page("ANSI_936")
    }

    pub fn code_page(mut self, name: &str) -> Self {
        self.head.extend(["9\n$DWGCODEPAGE\n3\n", name, "\n"]);
        self
    }

    pub fn units(mut self, code: u32) -> Self {
        self.head.extend(["9\n$INSUNITS\n70\n     ", &code.to_string(), "\n"]);
        self
    }

    pub fn polyline(self, layer: &str, corners: Corners<'_>) -> Self {
        let bulges = vec![0.0; corners.len()];
        self.entity(&polyline(layer, corners, &bulges, true))
    }

    pub fn open_polyline(self, layer: &str, corners: Corners<'_>) -> Self {
        let bulges = vec![0.0; corners.len()];
        self.entity(&polyline(layer, corners, &bulges, false))
    }

    /// A closed polyline whose sides are arcs: the tangent of a quarter of their angle, 0 for straight ones.
    pub fn bulged(self, layer: &str, corners: Corners<'_>, bulges: &[f64]) -> Self {
        self.entity(&polyline(layer, corners, bulges, true))
    }

    pub fn line(self, layer: &str, a: (f64, f64), b: (f64, f64)) -> Self {
        self.entity(&format!("0\nLINE\n8\n{layer}\n10\n{}\n20\n{}\n11\n{}\n21\n{}\n", a.0, a.1, b.0, b.1))
    }

    pub fn circle(self, layer: &str, at: (f64, f64), radius: f64) -> Self {
        self.entity(&format!("0\nCIRCLE\n8\n{layer}\n10\n{}\n20\n{}\n40\n{radius}\n", at.0, at.1))
    }

    pub fn text(self, layer: &str, at: (f64, f64), text: &str) -> Self {
        self.entity(&format!("0\nTEXT\n8\n{layer}\n10\n{}\n20\n{}\n40\n2.5\n1\n{text}\n", at.0, at.1))
    }

    /// A block with the given polylines on their layers; flags 4 make it a reference to another drawing.
    pub fn block(mut self, name: &str, flags: u32, parts: &[(&str, Corners<'_>)]) -> Self {
        let parts: String =
            parts.iter().map(|(layer, c)| polyline(layer, c, &vec![0.0; c.len()], true)).collect();
        let block = format!("0\nBLOCK\n8\n0\n2\n{name}\n70\n{flags}\n10\n0\n20\n0\n{parts}0\nENDBLK\n");
        self.blocks.push_str(&block);
        self
    }

    pub fn insert(self, layer: &str, block: &str, at: (f64, f64), scale: (f64, f64)) -> Self {
        let (x, y) = at;
        self.entity(&format!(
            "0\nINSERT\n8\n{layer}\n2\n{block}\n10\n{x}\n20\n{y}\n41\n{}\n42\n{}\n",
            scale.0, scale.1
        ))
    }

    pub fn hatch(self, layer: &str, corners: Corners<'_>) -> Self {
        let count = corners.len();
        self.entity(&format!(
            "0\nHATCH\n8\n{layer}\n10\n0\n20\n0\n30\n0\n2\nSOLID\n70\n1\n71\n0\n91\n1\n92\n2\n72\n0\n73\n1\n93\n{count}\n{}97\n0\n75\n0\n76\n1\n98\n0\n",
            vertices(corners)
        ))
    }

    /// A polyline of the old kind with a height at every corner.
    pub fn polyline_3d(self, layer: &str, corners: Corners<'_>, height: f64) -> Self {
        let vertex =
            |(x, y): &(f64, f64)| format!("0\nVERTEX\n8\n{layer}\n10\n{x}\n20\n{y}\n30\n{height}\n70\n32\n");
        let corners: String = corners.iter().map(vertex).collect();
        self.entity(&format!("0\nPOLYLINE\n8\n{layer}\n66\n1\n70\n9\n{corners}0\nSEQEND\n"))
    }

    pub fn entity(mut self, text: &str) -> Self {
        self.entities += text;
        self
    }

    pub fn in_encoding(&self, encoding: &'static Encoding) -> Vec<u8> {
        let blocks = format!("0\nSECTION\n2\nBLOCKS\n{}0\nENDSEC\n", self.blocks);
        let text = format!(
            "0\nSECTION\n2\nHEADER\n{}0\nENDSEC\n{blocks}0\nSECTION\n2\nENTITIES\n{}0\nENDSEC\n0\nEOF\n",
            self.head, self.entities
        );
        encoding.encode(&text).0.into_owned()
    }
}

fn polyline(layer: &str, corners: Corners<'_>, bulges: &[f64], closed: bool) -> String {
    let corner = |((x, y), bulge): (&(f64, f64), &f64)| format!("10\n{x}\n20\n{y}\n42\n{bulge}\n");
    let corners_text: String = corners.iter().zip(bulges).map(corner).collect();
    format!("0\nLWPOLYLINE\n8\n{layer}\n90\n{}\n70\n{}\n{corners_text}", corners.len(), u8::from(closed))
}

fn vertices(corners: Corners<'_>) -> String {
    corners.iter().map(|(x, y)| ["10\n", &x.to_string(), "\n20\n", &y.to_string(), "\n"].concat()).collect()
}
