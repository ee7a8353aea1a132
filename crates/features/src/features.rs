use serde::{Deserialize, Serialize};

/// A square-rooted gradient histogram of 4 x 4 cells and 8 directions, scaled so that its length is 512.
pub type Descriptor = [u8; DESCRIPTOR_LENGTH];

/// Entries of a descriptor.
pub(crate) const DESCRIPTOR_LENGTH: usize = 128;

/// A spot of a photo that can be found again in another one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Keypoint {
    /// Where, in pixels of the full photo; the centre of its first pixel is (0.5, 0.5).
    pub pixel: [f32; 2],
    /// Size: standard deviation of the round blob that would look like it, pixels of the full photo.
    pub scale_px: f32,
    /// Direction of the strongest gradient around it, radians from the x axis towards the y axis, in -pi..pi.
    pub angle: f32,
}

/// The keypoints of one photo.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Features {
    /// Where they are.
    pub keypoints: Vec<Keypoint>,
    /// What each looks like, in the order of `keypoints`.
    #[serde(with = "flat")]
    pub descriptors: Vec<Descriptor>,
}

impl Features {
    /// Number of keypoints.
    pub fn len(&self) -> usize {
        self.keypoints.len()
    }

    /// Whether there is no keypoint.
    pub fn is_empty(&self) -> bool {
        self.keypoints.is_empty()
    }
}

/// Descriptors as one run of bytes.
mod flat {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    use super::Descriptor;

    pub fn serialize<S: Serializer>(descriptors: &[Descriptor], serializer: S) -> Result<S::Ok, S::Error> {
        descriptors.as_flattened().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Descriptor>, D::Error> {
        let bytes = Vec::<u8>::deserialize(deserializer)?;
        let (descriptors, rest) = bytes.as_chunks();
        if rest.is_empty() {
            Ok(descriptors.to_vec())
        } else {
            Err(D::Error::invalid_length(bytes.len(), &"a multiple of 128 bytes"))
        }
    }
}
