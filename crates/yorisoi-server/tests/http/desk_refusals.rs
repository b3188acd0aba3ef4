//! Is whoever works at the desk in Japanese told in Japanese why something was not done?

use axum::body::Body;
use axum::http::{Request, header};
use yorisoi_server::ServerSettings;

use crate::desk::{Seat, body, form, house, seat};
use crate::support::{Answer, Service, settings};

/// A form sent by somebody whose browser speaks Japanese.
async fn post(seat: &Seat<'_>, path: &str, fields: &[(&str, &str)]) -> Answer {
    let fields = [fields, &[("csrf", seat.csrf.as_str())]].concat();
    let request = form(path).header(header::COOKIE, &seat.cookie);
    let request = request.header(header::ACCEPT_LANGUAGE, "ja").body(body(&fields)).unwrap();
    seat.service.send(request).await
}

async fn get(seat: &Seat<'_>, path: &str) -> Answer {
    let request = Request::get(path).header(header::COOKIE, &seat.cookie);
    let request = request.header(header::ACCEPT_LANGUAGE, "ja").body(Body::empty()).unwrap();
    seat.service.send(request).await
}

/// A file sent with the fields before it, as a browser sends it.
async fn upload(seat: &Seat<'_>, path: &str, fields: &[(&str, &str)], file: &str) -> Answer {
    let mut parts = String::new();
    for (name, value) in [("csrf", seat.csrf.as_str())].iter().chain(fields) {
        parts.extend([
            "--edge\r\nContent-Disposition: form-data; name=\"",
            name,
            "\"\r\n\r\n",
            value,
            "\r\n",
        ]);
    }
    parts +=
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"list.csv\"\r\n\r\n";
    parts.extend([file, "\r\n--edge--\r\n"]);
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .header(header::COOKIE, &seat.cookie)
        .header(header::ACCEPT_LANGUAGE, "ja");
    seat.service.send(request.body(Body::from(parts)).unwrap()).await
}

fn page(answer: Answer) -> String {
    String::from_utf8(answer.bytes).unwrap()
}

/// What stands between the two, without its tags, without codes and without what somebody else wrote.
fn said(page: &str, from: &str, to: &str) -> String {
    let (_, rest) = page.split_once(from).unwrap_or_else(|| panic!("no `{from}` in {page}"));
    let mut inside = rest.split_once(to).map_or(rest, |(inside, _)| inside).to_owned();
    for (open, close) in [("<code>", "</code>"), ("<bdi>", "</bdi>")] {
        while let Some((before, after)) = inside.split_once(open) {
            let after = after.split_once(close).map_or("", |(_, after)| after);
            inside = format!("{before}{after}");
        }
    }
    let pieces = inside.split('<').map(|piece| piece.split_once('>').map_or("", |(_, it)| it));
    pieces.collect::<Vec<_>>().join(" ")
}

/// What a page that explains a failure says.
fn alert(page: &str) -> String {
    said(page, "role=\"alert\"", "</div>")
}

/// The words of three letters or more outside of quotation marks.
fn english(text: &str) -> Vec<String> {
    let (mut depth, mut is_code) = (0_u32, false);
    let outside = text.chars().map(|c| {
        match c {
            '「' => depth += 1,
            '」' => depth = depth.saturating_sub(1),
            '`' => is_code = !is_code,
            _ => {}
        }
        if depth > 0 || is_code { ' ' } else { c }
    });
    let outside: String = outside.collect();
    let words = outside.split(|c: char| !c.is_ascii_alphabetic()).filter(|it| it.len() >= 3);
    words.map(str::to_owned).collect()
}

fn is_japanese(text: &str, needed: &str) {
    assert_eq!(english(text), Vec::<String>::new(), "{text}");
    assert!(text.contains(needed), "no `{needed}` in {text}");
}

#[tokio::test]
async fn what_was_not_done_is_told_in_japanese() {
    let service = house().await;
    let agent = seat(&service, "agent").await;
    for (path, fields, needed) in [
        ("busy", vec![("busy", "whenever")], "「ご都合の悪い時間」"),
        ("consent", vec![("consent", "gossip")], "「了解の種類」"),
        ("consent", vec![("consent", "talk"), ("days", "many")], "「有効日数」"),
        ("refuse", vec![("topic", "astrology")], "「話題」"),
        ("let-go", vec![("effective", "someday")], "「適用日」"),
        ("landing", vec![("landing", "lukewarm")], "「届き方」"),
        ("note", vec![("text", "")], "「メモ」"),
    ] {
        let answer = post(&agent, &format!("/clients/c-1/{path}"), &fields).await;
        assert_eq!(answer.status, 422, "{path}");
        is_japanese(&alert(&page(answer)), needed);
    }
    let answer = get(&agent, "/studies").await;
    assert_eq!(answer.status, 403);
    is_japanese(&alert(&page(answer)), "「担当」の役割では");
    let privacy = seat(&service, "privacy").await;
    let fields = [("token", "new"), ("role", "king")];
    is_japanese(&alert(&page(post(&privacy, "/privacy/tokens", &fields).await)), "「役割」");
    let fields = [("client", "c-1"), ("again", "c-2")];
    is_japanese(&alert(&page(post(&privacy, "/privacy/erase", &fields).await)), "一致しません");
}

#[tokio::test]
async fn what_a_gate_stops_is_called_as_the_policy_calls_it_and_says_why() {
    let service = house().await;
    let agent = seat(&service, "agent").await;
    assert_eq!(post(&agent, "/clients/c-1/refuse", &[]).await.status, 303);
    let fields = [("give", "peaches"), ("topic", "gift")];
    let stopped = post(&agent, "/clients/c-1/talk/provide", &fields).await;
    assert_eq!(stopped.status, 409);
    let told = alert(&page(stopped));
    is_japanese(&told, "今この方にはできません");
    is_japanese(&told, "そっとしておいてほしいと伺っています");
    assert!(!told.contains("peaches"), "{told}");
}

#[tokio::test]
async fn what_is_wrong_with_a_list_is_told_in_japanese() {
    let service = house().await;
    let agent = seat(&service, "agent").await;
    let nobody = upload(&agent, "/clients/import", &[], "name\nsomebody\n").await;
    assert_eq!(nobody.status, 422);
    is_japanese(&alert(&page(nobody)), "「ファイル」");
    let list = "client,value_minor,zone\nc-2,much,\nc-3,1,Atlantis\n,5,\nc-4\n";
    let told = page(upload(&agent, "/clients/import", &[], list).await);
    let faults = said(&told, "<ul class=\"bullets\"", "</ul>");
    is_japanese(&faults, "整数ではありません");
    is_japanese(&faults, "タイムゾーンはありません");
    is_japanese(&faults, "項目数は");
}

#[tokio::test]
async fn why_a_study_could_not_be_made_is_told_in_japanese() {
    // Studies are kept in the data folder, which no other test may find.
    let folder = tempfile::tempdir().unwrap();
    let kept = ServerSettings { data: folder.path().to_owned(), ..settings() };
    let service = Service::with(kept).await;
    let analyst = seat(&service, "analyst").await;
    let rows = (0..200).map(|k| format!("none,{},{}\n", k % 2, 20 + k % 50));
    let table: String = std::iter::once("offer,stayed,age\n".to_owned()).chain(rows).collect();
    for (outcome, needed) in [("stayed", "比べる相手がいません"), ("happy", "列")] {
        let roles = [("treatment", "offer"), ("outcome", outcome)];
        let begun = upload(&analyst, "/studies", &roles, &table).await;
        assert_eq!(begun.status, 303);
        let place = begun.header("location").split('?').next().unwrap().to_owned();
        let told = loop {
            let told = page(get(&analyst, &place).await);
            if told.contains("role=\"alert\"") {
                break told;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        };
        is_japanese(&alert(&told), needed);
    }
}
