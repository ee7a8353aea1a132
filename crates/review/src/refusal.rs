//! The one place where an error of the catalog becomes a status.

use axum::http::StatusCode;
use plumbline_catalog::Error;

use crate::Problem;
use crate::problem::chain;

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let Some((status, code, zh)) = meaning(&error) else { return Self::internal(chain(&error)) };
        Self::new(status, code, zh, error.to_string())
    }
}

/// Status, code and Chinese text of what a request can bring about; none for faults of the server.
fn meaning(error: &Error) -> Option<(StatusCode, &'static str, &'static str)> {
    Some(match error {
        Error::Unknown { .. } => (StatusCode::NOT_FOUND, "NotFound", "目录中没有这一项"),
        Error::Incomplete { .. } | Error::RecordLacks { .. } => {
            (StatusCode::UNPROCESSABLE_ENTITY, "Incomplete", "填写不完整：请填写理由、许可证号等必填项")
        }
        Error::SamePerson { .. } => (StatusCode::FORBIDDEN, "SamePerson", "本人制作或作出的，须由他人审核"),
        Error::Done { .. } => (StatusCode::CONFLICT, "Done", "该项已有结论，不能重复办理"),
        Error::Duplicate { .. } => (StatusCode::CONFLICT, "Duplicate", "同名条目已存在，且内容不同"),
        Error::TooLargeForDisc { .. } => (
            StatusCode::CONFLICT,
            "TooLargeForDisc",
            "有文件超过单张光盘容量，请在 retention.toml 中改用更大的光盘",
        ),
        Error::BadToken { .. } => (StatusCode::BAD_REQUEST, "BadToken", "翻页标记无效，请从第一页开始"),
        Error::NotQueryable { .. } => (StatusCode::BAD_REQUEST, "NotQueryable", "不能按该属性检索或排序"),
        Error::BadFilter { .. } => (StatusCode::BAD_REQUEST, "BadFilter", "筛选条件有误"),
        Error::BadGeometry { .. } => (StatusCode::BAD_REQUEST, "BadGeometry", "几何图形有误"),
        Error::Case(case) => return of_case(case),
        _ => return None,
    })
}

fn of_case(error: &plumbline_case::Error) -> Option<(StatusCode, &'static str, &'static str)> {
    use plumbline_case::Error as Case;
    Some(match error {
        Case::IllegalTransition { .. } => (StatusCode::CONFLICT, "IllegalTransition", "办案程序中没有这一步"),
        Case::NeedsOfficers { .. } | Case::NotTwoOfficers { .. } => {
            (StatusCode::UNPROCESSABLE_ENTITY, "NotTwoOfficers", "须由两名持证执法人员办理")
        }
        Case::NoPaper { .. } => (StatusCode::BAD_REQUEST, "NoPaper", "没有这种编号文书"),
        Case::NoAgency => {
            (StatusCode::CONFLICT, "NoAgency", "尚未设置机关代字，请在 --procedure 文件中填写 agency")
        }
        Case::NotReviewed { .. } => (StatusCode::CONFLICT, "NotReviewed", "未经法制和技术审核，不得作为证据"),
        _ => return None,
    })
}
