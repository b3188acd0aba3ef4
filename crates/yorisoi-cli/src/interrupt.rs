//! What happens on Ctrl-C: nothing half-written stays behind.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether a service is running, which finishes its open requests by itself.
static SERVING: AtomicBool = AtomicBool::new(false);

/// From now on an interrupt is the service's to answer.
pub(crate) fn leave_to_the_service() {
    SERVING.store(true, Ordering::SeqCst);
}

/// The exit code of a command ended by an interrupt, by convention 128 + SIGINT.
const INTERRUPTED: i32 = 130;

/// Tidies up and ends the command on Ctrl-C, SIGTERM and SIGHUP.
///
/// An interrupt while results are being moved into place waits for that: the door stays shut behind it.
pub(crate) fn tidy_on_interrupt() {
    // Without a handler the command still works; an interrupt then leaves a hidden folder behind.
    let _ = ctrlc::set_handler(|| {
        if SERVING.load(Ordering::SeqCst) {
            return;
        }
        let _door = crate::staging::tidy_before_exit();
        std::process::exit(INTERRUPTED);
    });
}
