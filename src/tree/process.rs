//! Runs one program in a tree: without a shell, without input, for a limited time, and with all that it started.

use std::io::{self, PipeReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use crate::tree::disk;

/// How much of what it prints is kept: the end.
pub const KEPT: usize = 64 << 10;
/// How long a program may take to end once it is asked to.
const GRACE: Duration = Duration::from_millis(500);
/// How often it is asked whether it ended: soon at first, for those that are quick.
const LOOKS: [Duration; 2] = [Duration::from_millis(2), Duration::from_millis(50)];

/// How a program ended, and the end of what it printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub how: How,
    pub output: Vec<u8>,
    /// Whether there was more before that.
    pub cut: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    Status(i32),
    Signal(i32),
    TimedOut,
    /// Somebody did not want to wait any longer.
    Stopped,
    NotStarted(String),
}

/// Runs it and waits for its end, for `timeout`, or until `stop` is set. What it started and left behind is killed.
#[must_use]
pub fn run(words: &[String], root: &Path, timeout: Duration, stop: &AtomicBool) -> Ended {
    let not_started = |why: String| Ended { how: How::NotStarted(why), output: Vec::new(), cut: false };
    let Some((program, arguments)) = words.split_first() else { return not_started("no program is named".to_owned()) };
    match start(program, arguments, root) {
        Ok((child, output)) => follow(child, output, timeout, stop),
        Err(error) => not_started(disk::reason(&error)),
    }
}

fn start(program: &str, arguments: &[String], root: &Path) -> io::Result<(Child, PipeReader)> {
    use std::os::unix::process::CommandExt;
    let (output, end) = io::pipe()?;
    // A path is relative to the root; a bare name is looked for where the user's programs are.
    let place = if program.contains('/') { root.join(program).into_os_string() } else { program.into() };
    let child = Command::new(place)
        .args(arguments)
        .current_dir(root)
        .env("GIT_OPTIONAL_LOCKS", "0")
        .stdin(Stdio::null())
        .stdout(end.try_clone()?)
        .stderr(end)
        .process_group(0)
        .spawn()?;
    Ok((child, output))
}

fn follow(mut child: Child, output: PipeReader, timeout: Duration, stop: &AtomicBool) -> Ended {
    let group = Pid::from_child(&child);
    let (tail, end_of_output) = read(output);
    let began = Instant::now();
    let is_enough = || stop.load(Ordering::Relaxed) || began.elapsed() >= timeout;
    let mut how = None;
    if !wait_until(group, is_enough) {
        how = Some(if stop.load(Ordering::Relaxed) { How::Stopped } else { How::TimedOut });
        // Whoever is gone already needs no signal.
        kill_process_group(group, Signal::TERM).ok();
        let asked = Instant::now();
        wait_until(group, || asked.elapsed() >= GRACE);
    }
    // Its group is its own for as long as nobody has asked for its status.
    kill_process_group(group, Signal::KILL).ok();
    let status = child.wait();
    // Whoever left the group may keep the pipe open.
    end_of_output.recv_timeout(GRACE).ok();
    let Tail { bytes, total } = std::mem::take(&mut *tail.lock().unwrap_or_else(PoisonError::into_inner));
    let output = bytes[bytes.len().saturating_sub(KEPT)..].to_vec();
    Ended { how: how.unwrap_or_else(|| ending(status)), cut: total > output.len(), output }
}

fn ending(status: io::Result<std::process::ExitStatus>) -> How {
    use std::os::unix::process::ExitStatusExt;
    match status {
        Ok(status) => status.code().map_or_else(|| How::Signal(status.signal().unwrap_or_default()), How::Status),
        Err(error) => How::NotStarted(disk::reason(&error)),
    }
}

/// Waits for the end of the program and leaves its status where it is; `false` where somebody gives up before.
fn wait_until(program: Pid, gives_up: impl Fn() -> bool) -> bool {
    let [mut pause, longest] = LOOKS;
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    loop {
        match waitid(WaitId::Pid(program), options) {
            Ok(None) | Err(rustix::io::Errno::INTR) => {}
            Ok(Some(_)) | Err(_) => return true,
        }
        if gives_up() {
            return false;
        }
        thread::sleep(pause);
        pause = (pause * 2).min(longest);
    }
}

#[derive(Debug, Default)]
struct Tail {
    bytes: Vec<u8>,
    total: usize,
}

/// Reads on a thread of its own, so that nobody has to wait for whoever holds the other end.
fn read(mut output: PipeReader) -> (Arc<Mutex<Tail>>, Receiver<()>) {
    let tail: Arc<Mutex<Tail>> = Arc::default();
    let (done, end) = channel();
    let into = Arc::clone(&tail);
    thread::spawn(move || {
        let mut chunk = [0; 8192];
        loop {
            match output.read(&mut chunk) {
                Ok(0) => break,
                Ok(count) => {
                    let mut tail = into.lock().unwrap_or_else(PoisonError::into_inner);
                    tail.total = tail.total.saturating_add(count);
                    tail.bytes.extend_from_slice(&chunk[..count]);
                    if tail.bytes.len() > 2 * KEPT {
                        let over = tail.bytes.len() - KEPT;
                        tail.bytes.drain(..over);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        done.send(()).ok();
    });
    (tail, end)
}
