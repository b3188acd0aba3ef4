//! The desk: the pages that people who help others work at. Its seam with the service is [`routes`].

use axum::Router;
use yorisoi_desk::{DeskSettings, Strangers};

use crate::house::Shared;

/// The desk's pages, under `/`. They go through the same use cases as the API, and bring their own
/// sessions in place of bearer tokens.
pub(crate) fn routes(house: &Shared) -> Router<Shared> {
    let door = house.clone();
    let desk = DeskSettings {
        secure_cookie: house.settings.secure_cookies,
        upload_bytes_max: house.settings.upload_bytes_max as usize,
        strangers: Strangers::new(move |who| door.strangers.take(who, door.elapsed())),
        stopping: house.stopping.subscribe(),
    };
    let pages: Router<()> = yorisoi_desk::router(house.app.clone(), desk);
    pages.with_state(())
}
