//! A PostgreSQL server of the test run's own: in a temporary folder, on a port nobody uses, stopped at the end.
//!
//! The server is the child of a shell that waits for the end of its input: when the test program ends, however it
//! ends, the shell stops the server and removes the folder.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

/// A server that can be stopped and started again.
pub(crate) struct Server {
    bin: PathBuf,
    data: PathBuf,
    port: u16,
    /// Options of the server beyond those that every test needs.
    options: String,
    keeper: Mutex<Option<std::process::Child>>,
}

/// The URL of a new, empty database on the server that this test program shares.
pub(crate) fn new_database() -> String {
    static SHARED: OnceLock<Server> = OnceLock::new();
    SHARED.get_or_init(Server::start).new_database()
}

impl Server {
    /// Installs where needed, makes a folder, and starts.
    pub(crate) fn start() -> Self {
        Self::start_as("", &[])
    }

    /// Starts a server that speaks TLS with this certificate and key, and lets nobody in without.
    pub(crate) fn start_encrypted(certificate: &str, key: &str) -> Self {
        let doors = "local all all trust\nhostssl all all 127.0.0.1/32 trust\n";
        let files = [("server.crt", certificate), ("server.key", key), ("doors.conf", doors)];
        let options = "-c ssl=on -c ssl_cert_file=../server.crt -c ssl_key_file=../server.key \
                       -c hba_file=DATA/doors.conf";
        Self::start_as(options, &files)
    }

    fn start_as(options: &str, files: &[(&str, &str)]) -> Self {
        let bin = binaries().unwrap_or_else(|| {
            install();
            binaries().expect("PostgreSQL is not installed; run `apt-get install postgresql`")
        });
        // Not below a folder that only root can enter: the server runs as somebody else.
        let data = std::env::temp_dir().join(format!("yorisoi-pg-{}", unique()));
        // What stands there is of a process that had this one's number and was killed.
        if data.exists() {
            std::fs::remove_dir_all(&data).unwrap();
        }
        std::fs::create_dir_all(&data).unwrap();
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&data));
        }
        let initdb = [
            bin.join("initdb").display().to_string(),
            format!("-D {}/db", data.display()),
            "-A trust -U tester --no-sync --locale=C --encoding=UTF8".to_owned(),
        ];
        run(&mut as_server_user(&format!("{} >/dev/null", initdb.join(" "))));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        for (name, text) in files {
            let path = data.join(name);
            std::fs::write(&path, text).unwrap();
            // The server reads a key only if nobody else can.
            run(Command::new("chmod").arg("600").arg(&path));
            if is_root() {
                run(Command::new("chown").arg("postgres").arg(&path));
            }
        }
        let options = options.replace("DATA", &data.display().to_string());
        let server = Self { bin, data, port, options, keeper: Mutex::new(None) };
        server.start_again();
        server
    }

    /// Starts the server and waits until it answers.
    pub(crate) fn start_again(&self) {
        let command = format!(
            "{bin}/postgres -D {data}/db -p {port} -k {data} -c listen_addresses=127.0.0.1 \
             -c max_connections=200 -c logging_collector=off {options} >>{data}/log 2>&1",
            options = self.options,
            bin = self.bin.display(),
            data = self.data.display(),
            port = self.port,
        );
        let stop = format!(
            "{bin}/pg_ctl -D {data}/db -m immediate stop >/dev/null 2>&1",
            bin = self.bin.display(),
            data = self.data.display(),
        );
        let (command, stop) = (words(&as_server_user(&command)), words(&as_server_user(&stop)));
        let script = format!(
            "trap '' INT; {command} & cat >/dev/null; {stop}; wait; test -e {data}/keep || rm -rf {data}",
            data = self.data.display(),
        );
        let keeper =
            Command::new("sh").arg("-c").arg(script).stdin(Stdio::piped()).spawn().unwrap();
        *self.keeper.lock().unwrap() = Some(keeper);
        let started = Instant::now();
        while !self.says("SELECT 1") {
            let log = std::fs::read_to_string(self.data.join("log")).unwrap_or_default();
            assert!(started.elapsed() < Duration::from_mins(1), "no answer:\n{log}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Stops the server at once, as a power cut would; its data stay.
    pub(crate) fn stop(&self) {
        std::fs::write(self.data.join("keep"), "").unwrap();
        if let Some(mut keeper) = self.keeper.lock().unwrap().take() {
            drop(keeper.stdin.take());
            keeper.wait().unwrap();
        }
        std::fs::remove_file(self.data.join("keep")).unwrap();
    }

    /// The URL of a new, empty database.
    pub(crate) fn new_database(&self) -> String {
        let name = format!("t{}", unique());
        assert!(self.says(&format!("CREATE DATABASE {name}")), "no database `{name}`");
        format!("postgres://tester@127.0.0.1:{}/{name}", self.port)
    }

    /// Whether the server does what it is told.
    fn says(&self, sql: &str) -> bool {
        let port = self.port.to_string();
        let place = ["-h", "127.0.0.1", "-p", &port, "-U", "tester", "-d", "postgres"];
        let done = Command::new(self.bin.join("psql")).args(place).args(["-qXc", sql]).output();
        done.is_ok_and(|done| done.status.success())
    }
}

fn unique() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The newest installed version's folder of programs.
fn binaries() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    let path = std::env::var_os("PATH").unwrap_or_default();
    found.sort();
    found.splice(0..0, std::env::split_paths(&path).collect::<Vec<_>>());
    found
        .into_iter()
        .rev()
        .find(|bin| ["postgres", "initdb", "pg_ctl", "psql"].iter().all(|it| bin.join(it).exists()))
}

fn install() {
    if is_root() && Path::new("/usr/bin/apt-get").exists() {
        run(Command::new("sh").arg("-c").arg(
            "apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y postgresql",
        ));
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

/// A shell command as the user that runs the server: PostgreSQL refuses to run as root.
fn as_server_user(command: &str) -> Command {
    let mut runner = Command::new(if is_root() { "runuser" } else { "sh" });
    if is_root() {
        runner.args(["-u", "postgres", "--", "sh"]);
    }
    runner.arg("-c").arg(format!("cd / && exec {command}"));
    runner
}

/// A command as the words of a shell.
fn words(command: &Command) -> String {
    let all = std::iter::once(command.get_program()).chain(command.get_args());
    all.map(|word| format!("'{}'", word.to_string_lossy().replace('\'', "'\\''")))
        .collect::<Vec<_>>()
        .join(" ")
}

fn run(command: &mut Command) {
    let done = command.output().unwrap();
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}
