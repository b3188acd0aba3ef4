//! The desk: the pages that people who help others work at. Its seam with the service is [`routes`].

use axum::Router;
use axum::extract::DefaultBodyLimit;
use yorisoi_desk::DeskSettings;

use crate::house::Shared;

/// The desk's pages, under `/`. They go through the same use cases as the API, and bring their own
/// sessions in place of bearer tokens.
pub(crate) fn routes(house: &Shared) -> Router<Shared> {
    let limit = DefaultBodyLimit::max(house.settings.upload_bytes_max as usize);
    let desk = DeskSettings { secure_cookie: house.settings.secure_cookies };
    let pages: Router<()> = yorisoi_desk::router(house.app.clone(), desk);
    pages.layer(limit).with_state(())
}
