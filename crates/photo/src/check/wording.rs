//! What the pilot reads: every problem in Chinese and English, with its remedy.

use super::problem::{Problem, ProblemKind, Text};
use crate::Error;

const COPY_AGAIN: (&str, &str) = ("请从存储卡重新拷贝该文件。", "Copy the file from the card again.");
const REMOVE: (&str, &str) = ("请将该文件移出本文件夹。", "Move the file out of this folder.");

struct Wording<'a> {
    kind: ProblemKind,
    leave_out: bool,
    message: (&'a str, &'a str),
    remedy: (&'a str, &'a str),
}

impl Wording<'_> {
    fn about(&self, photo: &str) -> Problem {
        let (zh, en) = self.message;
        Problem {
            photo: photo.to_owned(),
            kind: self.kind,
            leave_out: self.leave_out,
            message: Text::new(format!("{photo}：{zh}"), format!("{photo}: {en}")),
            remedy: Text::new(self.remedy.0, self.remedy.1),
        }
    }
}

/// A file that could not be read or decoded.
pub(super) fn broken(photo: &str, error: &Error) -> Problem {
    let (kind, message, remedy) = match error {
        Error::Io { .. } => (
            ProblemKind::Unreadable,
            ("无法读取该文件。", "the file cannot be read from the disk."),
            COPY_AGAIN,
        ),
        Error::Truncated { .. } => (
            ProblemKind::Truncated,
            ("照片数据不完整（文件被截断）。", "the image is cut off before its end."),
            COPY_AGAIN,
        ),
        Error::NotAnImage { .. } => (
            ProblemKind::NotAnImage,
            ("不是照片，只是文件名像照片。", "this is no image, only its name looks like one."),
            REMOVE,
        ),
        _ => (
            ProblemKind::Undecodable,
            ("照片损坏或格式不支持，无法解码。", "the image is damaged or of a kind that cannot be decoded."),
            (
                "请重新拷贝原始 JPEG；仍无法打开则补拍。",
                "Copy the original JPEG again; if it still fails, take the photo again.",
            ),
        ),
    };
    Wording { kind, leave_out: true, message, remedy }.about(photo)
}

/// A folder inside the folder.
pub(super) fn folder_inside(name: &str, photos: usize) -> Problem {
    let zh = format!("其中的 {photos} 张照片未读取：不进入子文件夹。");
    let en = format!("its {photos} photo(s) were not looked at: folders inside the folder are not entered.");
    Wording {
        kind: ProblemKind::FolderInside,
        leave_out: true,
        message: (&zh, &en),
        remedy: (
            "请将同一架次的照片放入同一文件夹（文件名不得重复），或单独处理该子文件夹。",
            "Put the photos of one flight into one folder, under names that differ, or process that folder by itself.",
        ),
    }
    .about(name)
}

pub(super) fn not_a_photo(photo: &str) -> Problem {
    Wording {
        kind: ProblemKind::NotAPhoto,
        leave_out: true,
        message: (
            "没有相机信息，像是截图或导出图。",
            "no camera wrote this file: it looks like a screenshot or an export.",
        ),
        remedy: (
            "请移出本文件夹；如确为航片，请用未经编辑的原片。",
            "Move it out of this folder; if it is a drone photo, use the unedited original.",
        ),
    }
    .about(photo)
}

pub(super) fn no_position(photo: &str, leave_out: bool) -> Problem {
    Wording {
        kind: ProblemKind::NoPosition,
        leave_out,
        message: ("照片中没有定位信息。", "the photo has no position."),
        remedy: (
            "请使用未经编辑或转发的原片，并等卫星定位后再起飞。",
            "Use the original, not one that was edited or sent by chat; take off only with a GNSS fix.",
        ),
    }
    .about(photo)
}

pub(super) fn duplicate(photo: &str, of: &str) -> Problem {
    Wording {
        kind: ProblemKind::Duplicate,
        leave_out: true,
        message: (&format!("与 {of} 重复。"), &format!("the same photo as {of}.")),
        remedy: ("删除其中一份即可。", "Delete one of the two."),
    }
    .about(photo)
}

pub(super) fn elsewhere(photo: &str, distance_m: f64, leave_out: bool) -> Problem {
    let km = distance_m / 1000.0;
    let zh = format!("拍摄地点距本架次其余照片约 {km:.1} 公里。");
    let en = format!("taken about {km:.1} km away from the rest of the flight.");
    Wording {
        kind: ProblemKind::Elsewhere,
        leave_out,
        message: (&zh, &en),
        remedy: ("请移到它所属架次的文件夹。", "Move it to the folder of the flight it belongs to."),
    }
    .about(photo)
}

pub(super) fn other_camera(photo: &str, model: &str, usual: &str, leave_out: bool) -> Problem {
    let zh = format!("由另一台相机拍摄（{model}，其余为 {usual}）。");
    let en = format!("taken by another camera ({model}; the rest by {usual}).");
    Wording {
        kind: ProblemKind::OtherCamera,
        leave_out,
        message: (&zh, &en),
        remedy: (
            "请将不同相机的照片放入不同文件夹。",
            "Keep the photos of each camera in a folder of their own.",
        ),
    }
    .about(photo)
}

pub(super) fn blurred(photo: &str, share_of_usual: f64, leave_out: bool) -> Problem {
    let percent = share_of_usual * 100.0;
    let zh = format!("照片模糊，清晰度约为本架次中位值的 {percent:.0}%。");
    let en = format!("blurred: {percent:.0} % of the flight's median sharpness.");
    Wording {
        kind: ProblemKind::Blurred,
        leave_out,
        message: (&zh, &en),
        remedy: (
            "建议补拍：降低航速或提高快门速度，检查对焦。",
            "Take it again: fly slower or use a faster shutter, and check the focus.",
        ),
    }
    .about(photo)
}

pub(super) fn bad_exposure(photo: &str, black: f64, white: f64, leave_out: bool) -> Problem {
    let (zh_what, en_what, share) =
        if black > white { ("全黑", "black", black) } else { ("过曝", "burnt out", white) };
    let percent = share * 100.0;
    let zh = format!("曝光异常，约 {percent:.0}% 的像素{zh_what}。");
    let en = format!("badly exposed: {percent:.0} % of the pixels are {en_what}.");
    Wording {
        kind: ProblemKind::BadExposure,
        leave_out,
        message: (&zh, &en),
        remedy: (
            "建议补拍：使用自动曝光，避开逆光和夜间。",
            "Take it again with automatic exposure, in daylight.",
        ),
    }
    .about(photo)
}

pub(super) fn low_overlap(photo: &str, best: f64) -> Problem {
    let percent = best * 100.0;
    let zh = format!("与任何其他照片的重叠最多约 {percent:.0}%，可能无法拼接。");
    let en = format!("no other photo sees more than {percent:.0} % of it again; it may not connect.");
    Wording {
        kind: ProblemKind::LowOverlap,
        leave_out: false,
        message: (&zh, &en),
        remedy: (
            "请在该处补飞，航向重叠 80%、旁向重叠 70%。",
            "Fly this part again with 80 % forward and 70 % side overlap.",
        ),
    }
    .about(photo)
}

pub(super) fn time_gap(photo: &str, minutes: f64) -> Problem {
    let zh = format!("与前一张照片相隔 {minutes:.0} 分钟，可能混入了两个架次或缺少照片。");
    let en = format!(
        "taken {minutes:.0} minutes after the photo before it: two flights in one folder, or photos missing."
    );
    Wording {
        kind: ProblemKind::TimeGap,
        leave_out: false,
        message: (&zh, &en),
        remedy: (
            "如为换电池续飞可忽略；如为两个架次请分文件夹。",
            "Ignore it after a change of battery; put two flights into two folders.",
        ),
    }
    .about(photo)
}
