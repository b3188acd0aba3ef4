//! What did the reader send? Fields of a form, this session's own, read without trust.

use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use yorisoi_app::{AppError, narrow, narrow_day};

use crate::Desk;
use crate::context::Context;
use crate::reader::Reader;
use crate::words::refusal::{Unread, foreign};

/// The largest form that is read.
const FORM_BYTES_MAX: usize = 256 * 1024;

/// A form that carries its session's key, with its reader.
#[derive(Debug)]
pub(crate) struct Posted {
    /// Who sent it.
    pub(crate) cx: Context,
    fields: Vec<(String, String)>,
}

impl FromRequest<Desk> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, desk: &Desk) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Reader(cx) =
            <Reader as axum::extract::FromRequestParts<Desk>>::from_request_parts(&mut parts, desk)
                .await?;
        let too_large = |_| crate::answer::Failure::new(&cx, too_large()).into_response();
        let bytes: Bytes = axum::body::to_bytes(body, FORM_BYTES_MAX).await.map_err(too_large)?;
        let fields = form_urlencoded::parse(&bytes).into_owned().collect();
        let posted = Self { cx, fields };
        if same(posted.text("csrf"), &posted.cx.csrf) {
            Ok(posted)
        } else {
            Err((StatusCode::FORBIDDEN, crate::answer::Failure::new(&posted.cx, foreign()))
                .into_response())
        }
    }
}

impl Posted {
    /// A field's text without the space around it; empty if it is missing.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// A field's text, if there is any.
    pub(crate) fn some(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// Whether a box is ticked.
    pub(crate) fn ticked(&self, name: &str) -> bool {
        self.some(name).is_some()
    }

    /// The lines of a field that say something.
    pub(crate) fn lines(&self, name: &str) -> Vec<String> {
        self.text(name)
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// What hands typed into a field for a number or a name of a record, as what they meant.
    pub(crate) fn typed(&self, name: &str) -> String {
        narrow(self.text(name))
    }

    /// The same, if there is any.
    pub(crate) fn some_typed(&self, name: &str) -> Option<String> {
        Some(self.typed(name)).filter(|text| !text.is_empty())
    }

    /// A field that this page itself filled in, as something with a text form.
    pub(crate) fn parsed<T: FromStr>(&self, name: &str) -> Result<Option<T>, AppError>
    where
        T::Err: Unread,
    {
        self.some(name).map(|text| read(name, text)).transpose()
    }

    /// A field that hands filled in, as something with a text form.
    pub(crate) fn typed_as<T: FromStr>(&self, name: &str) -> Result<Option<T>, AppError>
    where
        T::Err: Unread,
    {
        self.some_typed(name).map(|text| read(name, &text)).transpose()
    }

    /// A field that this page filled in and that must be there.
    pub(crate) fn needed<T: FromStr>(&self, name: &str) -> Result<T, AppError>
    where
        T::Err: Unread,
    {
        self.parsed(name)?.ok_or_else(|| empty(name))
    }

    /// A field that hands filled in and that must be there.
    pub(crate) fn typed_needed<T: FromStr>(&self, name: &str) -> Result<T, AppError>
    where
        T::Err: Unread,
    {
        self.typed_as(name)?.ok_or_else(|| empty(name))
    }

    /// A day, however it was written.
    pub(crate) fn day(&self, name: &str) -> Result<Option<Date>, AppError> {
        let Some(text) = self.some(name) else { return Ok(None) };
        narrow_day(text).map(Some).ok_or_else(|| {
            let en = "it is no day; write it like 2026-11-22";
            let ja =
                format!("「{text}」は日付ではありません。2026-11-22 のように入力してください。");
            AppError::invalid(name, (en, ja))
        })
    }

    /// A minute by the house's clock that must be there, as a browser's field or hands write it.
    pub(crate) fn minute(&self, name: &str) -> Result<Timestamp, AppError> {
        let text = self.some_typed(name).ok_or_else(|| empty(name))?;
        let read = minute_of(&text).and_then(|minute| minute.to_zoned(self.cx.zone.clone()).ok());
        read.map(|zoned| zoned.timestamp()).ok_or_else(|| {
            let en = "it is no day and time; write it like 2026-11-22 14:05";
            let ja = format!(
                "「{text}」は日時ではありません。2026-11-22 14:05 のように入力してください。"
            );
            AppError::invalid(name, (en, ja))
        })
    }
}

/// A day and a time of day, with a space or a `T` between.
fn minute_of(text: &str) -> Option<DateTime> {
    let (day, time) = text.split_once(['T', ' '])?;
    let time: Time = time.trim().parse().ok()?;
    Some(narrow_day(day)?.to_datetime(time))
}

fn read<T: FromStr>(name: &str, text: &str) -> Result<T, AppError>
where
    T::Err: Unread,
{
    text.parse().map_err(|error: T::Err| AppError::invalid(name, error.reason()))
}

fn empty(name: &str) -> AppError {
    AppError::invalid(name, ("it is empty; fill it in", "空欄です。入力してください。"))
}

/// Percent-encodes what may not stand in a query.
pub(crate) fn escaped(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Compares by hash, so that the time it takes says nothing about where two texts part.
fn same(one: &str, other: &str) -> bool {
    !other.is_empty() && blake3::hash(one.as_bytes()) == blake3::hash(other.as_bytes())
}

fn too_large() -> AppError {
    let kilobytes = FORM_BYTES_MAX / 1024;
    let en = format!("it is larger than {kilobytes} kB; shorten the text");
    AppError::invalid(
        "form",
        (en, format!("{kilobytes} kB を超えています。文章を短くしてください。")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_key_is_nobodys() {
        assert!(!same("", ""));
        assert!(same("a", "a") && !same("a", "b"));
    }

    #[test]
    fn a_minute_is_read_as_a_field_or_a_hand_writes_it() {
        let minute = jiff::civil::date(2026, 11, 22).at(14, 5, 0, 0);
        for text in [
            "2026-11-22T14:05",
            "2026-11-22 14:05",
            "2026年11月22日 14:05",
            "２０２６／１１／２２　１４：０５",
        ] {
            assert_eq!(minute_of(&narrow(text)), Some(minute), "{text}");
        }
        for text in ["2026-11-22", "14:05", "2026-11-22 25:00", "yesterday at noon"] {
            assert_eq!(minute_of(text), None, "{text}");
        }
    }
}
