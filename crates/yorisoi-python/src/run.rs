//! How does long work run beside Python?
//!
//! The work runs on threads of its own, with the interpreter's lock released; the calling thread looks
//! for signals and reports progress many times a second. So Ctrl-C is answered at once: the caller gets
//! its `KeyboardInterrupt`, and the work, which owns all it reads, stops at its next step.
//!
//! Each call has its own pool of threads. A process made by `fork` keeps no threads of its parent, and
//! work waiting for such a pool would wait for ever.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use yorisoi::data::Progress;

use crate::errors::{Fault, Outcome};

/// How often the caller looks for signals and reports progress: ten times a second is what eyes see.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// How work is to run.
#[derive(Debug, FromPyObject)]
pub(crate) struct Running<'py> {
    /// Threads; 0 is one for every core.
    #[pyo3(item)]
    threads: usize,
    /// Called with stage, steps done and steps in all.
    #[pyo3(item)]
    progress: Option<Bound<'py, PyAny>>,
}

impl Running<'_> {
    /// On every core, and nobody watches.
    pub(crate) const QUIET: Self = Self { threads: 0, progress: None };
}

/// Where work says how far it is, and hears that nobody waits for it any more.
#[derive(Debug, Default)]
struct Watch {
    stage: Mutex<&'static str>,
    done: AtomicU64,
    total: AtomicU64,
    is_cancelled: AtomicBool,
}

/// What unwinds through work that nobody waits for any more.
struct Cancelled;

impl Watch {
    fn stop_if_cancelled(&self) {
        if self.is_cancelled.load(Ordering::Relaxed) {
            // Unlike a panic this says nothing to anybody on its way up.
            resume_unwind(Box::new(Cancelled));
        }
    }

    fn report(&self, callback: &Bound<'_, PyAny>) -> PyResult<()> {
        let stage = *self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        if stage.is_empty() {
            return Ok(());
        }
        let (done, total) = (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed));
        callback.call1((stage, done, total)).map(drop)
    }
}

impl Progress for Watch {
    fn stage(&self, name: &'static str, total: u64) {
        self.stop_if_cancelled();
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = name;
        self.done.store(0, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }

    fn advance(&self, steps: u64) {
        self.stop_if_cancelled();
        self.done.fetch_add(steps, Ordering::Relaxed);
    }
}

/// Runs `work` on threads of its own and waits for it.
///
/// # Errors
///
/// The work's own fault; what a signal handler or the progress callback raises; a `RuntimeError` for a
/// mistake of ours.
pub(crate) fn run<T: Send + 'static>(
    py: Python<'_>,
    running: &Running<'_>,
    work: impl FnOnce(&dyn Progress) -> Outcome<T> + Send + 'static,
) -> PyResult<T> {
    let watch = Arc::new(Watch::default());
    let (sender, receiver) = sync_channel(1);
    // Never contended: it only says that waiting with the lock released is safe.
    let receiver = Mutex::new(receiver);
    let (watched, threads) = (Arc::clone(&watch), running.threads);
    let spawned = std::thread::Builder::new().name("yorisoi".to_owned()).spawn(move || {
        let result = catch_unwind(AssertUnwindSafe(|| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            let pool = pool.map_err(|error| Fault::argument(format!("no threads: {error}")))?;
            pool.install(|| work(watched.as_ref()))
        }));
        // A caller that was interrupted has gone.
        let _ = sender.send(result);
    });
    spawned.map_err(|error| PyRuntimeError::new_err(format!("cannot start a thread: {error}")))?;
    loop {
        let wait =
            || receiver.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(LOOK_EVERY);
        match py.detach(wait) {
            Ok(Ok(result)) => return result.map_err(PyErr::from),
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => return Err(our_mistake()),
            Err(RecvTimeoutError::Timeout) => {
                let told = py
                    .check_signals()
                    .and_then(|()| running.progress.as_ref().map_or(Ok(()), |p| watch.report(p)));
                if let Err(interrupt) = told {
                    watch.is_cancelled.store(true, Ordering::Relaxed);
                    return Err(interrupt);
                }
            }
        }
    }
}

/// Looks for signals while the calling thread itself reads what belongs to Python.
pub(crate) struct Looks<'py> {
    py: Python<'py>,
    every: usize,
    left: usize,
}

impl<'py> Looks<'py> {
    /// Starts counting to so many values between two looks.
    pub(crate) fn every(py: Python<'py>, values: usize) -> Self {
        Self { py, every: values, left: values }
    }

    /// Counts values that were read, and looks where it is time.
    ///
    /// # Errors
    ///
    /// What a signal's handler raises.
    pub(crate) fn count(&mut self, values: usize) -> PyResult<()> {
        if values < self.left {
            self.left -= values;
            return Ok(());
        }
        self.left = self.every;
        // No line of Python runs meanwhile that would give other threads their turn and hear of signals.
        self.py.detach(|| ());
        self.py.check_signals()
    }
}

fn our_mistake() -> PyErr {
    PyRuntimeError::new_err(
        "yorisoi made a mistake of its own and could not go on; please report it, with what was called",
    )
}

/// Does short work where it is asked for; a mistake of ours becomes a `RuntimeError`, as in [`run`].
///
/// # Errors
///
/// The work's own.
pub(crate) fn guarded<T>(work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(our_mistake()))
}
