use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// The tags of an XMP packet by local name in lower case, whatever their namespace.
///
/// Makers write the same tag as an attribute of `rdf:Description` or as an element inside it; both are read, and the
/// first value of a name counts.
#[derive(Debug, Default)]
pub(crate) struct MakerXmp {
    tags: BTreeMap<String, String>,
}

/// The maker's own calibration: `DewarpData="date;fx,fy,cx,cy,k1,k2,p1,p2,k3"`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Dewarp {
    pub fx: f64,
    pub fy: f64,
    /// Principal point, pixels right of the centre of the photo.
    pub cx: f64,
    /// Principal point, pixels below the centre of the photo.
    pub cy: f64,
    pub k1: f64,
    pub k2: f64,
    pub k3: f64,
}

impl MakerXmp {
    /// Reads as much of a packet as is well formed.
    pub(crate) fn parse(packet: &[u8]) -> Self {
        let mut xmp = Self::default();
        let packet = String::from_utf8_lossy(packet);
        let mut reader = Reader::from_str(&packet);
        let mut element: Option<String> = None;
        loop {
            match reader.read_event() {
                Ok(Event::Start(start)) => {
                    xmp.take_attributes(&start);
                    element = Some(local_name(start.name().as_ref()));
                }
                Ok(Event::Empty(start)) => xmp.take_attributes(&start),
                Ok(Event::Text(text)) => {
                    if let Some(name) = &element {
                        xmp.insert(name.clone(), &text);
                    }
                }
                Ok(Event::End(_)) => element = None,
                Ok(Event::Eof) | Err(_) => return xmp,
                Ok(_) => {}
            }
        }
    }

    fn take_attributes(&mut self, start: &BytesStart<'_>) {
        for attribute in start.attributes().flatten() {
            self.insert(local_name(attribute.key.as_ref()), &attribute.value);
        }
    }

    fn insert(&mut self, name: String, value: &str) {
        let value = value.trim();
        if !value.is_empty() {
            self.tags.entry(name).or_insert_with(|| value.to_owned());
        }
    }

    /// Text of the first of several spellings that is present.
    pub(crate) fn text(&self, spellings: &[&str]) -> Option<&str> {
        spellings.iter().find_map(|name| self.tags.get(&name.to_ascii_lowercase())).map(String::as_str)
    }

    /// Number of the first of several spellings that is present; finite.
    pub(crate) fn number(&self, spellings: &[&str]) -> Option<f64> {
        let text = self.text(spellings)?;
        text.trim_start_matches('+').parse().ok().filter(|value: &f64| value.is_finite())
    }

    /// The maker's calibration of this camera.
    pub(crate) fn dewarp(&self) -> Option<Dewarp> {
        let (_, list) = self.text(&["DewarpData"])?.split_once(';')?;
        let values: Vec<f64> = list.split(',').map(|v| v.trim().parse()).collect::<Result<_, _>>().ok()?;
        let &[fx, fy, cx, cy, k1, k2, _p1, _p2, k3] = values.as_slice() else { return None };
        (fx > 0.0 && fy > 0.0).then_some(Dewarp { fx, fy, cx, cy, k1, k2, k3 })
    }
}

fn local_name(qualified: &str) -> String {
    qualified.rsplit(':').next().unwrap_or(qualified).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ELEMENTS: &str = r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="r"><rdf:Description rdf:about="DJI">
        <drone-dji:GpsLongtitude>+114.50</drone-dji:GpsLongtitude>
        <drone-dji:RtkFlag>50</drone-dji:RtkFlag>
        </rdf:Description></rdf:RDF></x:xmpmeta>"#;

    #[test]
    fn elements_and_attributes_are_read_alike() {
        let attributes = r#"<rdf:Description drone-dji:GpsLongtitude="+114.50" drone-dji:RtkFlag="50"/>"#;
        for packet in [ELEMENTS, attributes] {
            let xmp = MakerXmp::parse(packet.as_bytes());
            assert_eq!(xmp.number(&["GpsLongitude", "GpsLongtitude"]), Some(114.5));
            assert_eq!(xmp.number(&["RtkFlag"]), Some(50.0));
        }
    }

    #[test]
    fn a_damaged_packet_gives_what_comes_before_the_damage() {
        let cut = ELEMENTS.split("RtkFlag").next().unwrap();
        let xmp = MakerXmp::parse(cut.as_bytes());
        assert_eq!(xmp.number(&["GpsLongtitude"]), Some(114.5));
        assert_eq!(xmp.number(&["RtkFlag"]), None);
    }

    #[test]
    fn dewarp_data_are_read_in_the_makers_order() {
        let text = "2019-06-19;1952.85,1942.84,-25.1,-5.8,-0.41,0.34,0.000968,0.000968,-0.31";
        let xmp = MakerXmp::parse(format!(r#"<d drone-dji:DewarpData="{text}"/>"#).as_bytes());
        let dewarp = xmp.dewarp().unwrap();
        assert_eq!((dewarp.fx, dewarp.cx, dewarp.k2, dewarp.k3), (1952.85, -25.1, 0.34, -0.31));
    }
}
