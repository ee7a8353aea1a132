use std::process::ExitCode;

use crate::cli::ImportCard;
use crate::commands::print;
use crate::commands::shared::{act, wait};
use crate::error::Error;

/// `plumbline import CARD --catalog DIR`: whether the card may be erased, and if not, why.
pub fn import(arguments: &ImportCard) -> Result<ExitCode, Error> {
    let ImportCard { card, flight, by, place } = arguments;
    let imported = wait(async { Ok(place.open().await?.import_card(&act(by), card, flight).await?) })?;
    for fault in &imported.faults {
        print(&fault.to_string());
    }
    let megabytes = imported.bytes as f64 * 1e-6;
    print(&format!(
        "imported 已入库  {} files 文件, {megabytes:.1} MB; {} new 新增, {} failed 失败",
        imported.files,
        imported.new,
        imported.faults.len()
    ));
    if imported.may_be_erased() {
        print("every file was compared with its copy: the card may be erased 全部比对一致，可以清空存储卡");
        Ok(ExitCode::SUCCESS)
    } else {
        print("keep the card: not everything on it is safe 请保留存储卡：尚有文件未安全入库");
        Ok(ExitCode::FAILURE)
    }
}
