//! Who lives in the sample world? People with names, households, and something that nobody knows of them.

use crate::draws::Draws;

/// What help truly does to a person: known here and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nature {
    /// Help helps.
    Persuadable,
    /// Would stay anyway.
    SureThing,
    /// Has decided.
    LostCause,
    /// Help drives them away.
    SleepingDog,
}

/// One person.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) client: String,
    pub(super) name: &'static str,
    pub(super) household: Option<String>,
    pub(super) team: &'static str,
    pub(super) agent: &'static str,
    pub(super) nature: Nature,
    pub(super) age: u32,
    pub(super) years_with_us: u32,
}

/// Names as their bearers write them; neighbours in the list share a household where a mark says so.
const NAMES: &[(&str, bool)] = &[
    ("佐藤 美咲", true),
    ("佐藤 健一", true),
    ("鈴木 陽菜", false),
    ("高橋 大輔", false),
    ("田中 さくら", true),
    ("田中 隆", true),
    ("伊藤 直樹", false),
    ("渡辺 結衣", false),
    ("山本 翔太", false),
    ("中村 恵子", true),
    ("中村 誠", true),
    ("小林 真由美", false),
    ("加藤 亮", false),
    ("吉田 千尋", false),
    ("山田 花子", true),
    ("山田 太郎", true),
    ("Emma Wilson", false),
    ("佐々木 悠人", false),
    ("山口 葵", false),
    ("松本 浩二", false),
    ("井上 麻衣", true),
    ("井上 学", true),
    ("James Carter", false),
    ("木村 理沙", false),
    ("林 和也", false),
    ("清水 彩", false),
    ("Maria Garcia", true),
    ("Daniel Garcia", true),
    ("山崎 拓海", false),
    ("池田 優子", false),
    ("橋本 竜也", false),
    ("阿部 紗季", false),
    ("Olivia Brown", false),
    ("石川 慎吾", false),
    ("前田 美穂", true),
    ("前田 修", true),
    ("Sophie Martin", false),
    ("小川 涼", false),
    ("岡田 智子", false),
    ("後藤 啓介", false),
    ("長谷川 凛", false),
    ("Noah Taylor", false),
    ("近藤 由美", false),
    ("石井 蓮", false),
    ("遠藤 明美", true),
    ("遠藤 浩", true),
    ("Liam O'Connor", false),
    ("藤田 早紀", false),
];

/// Teams with their agents.
pub(super) const TEAMS: &[(&str, [&str; 2])] =
    &[("tokyo", ["aoi", "ken"]), ("osaka", ["mei", "tom"])];

/// Everybody.
pub(super) fn people(draws: &mut Draws) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::with_capacity(NAMES.len());
    for (index, (name, is_shared)) in NAMES.iter().enumerate() {
        let with = people.last().filter(|before| is_shared_with(before, *is_shared, index));
        // A household is looked after by one agent.
        let (household, team, agent) = if let Some(before) = with {
            (before.household.clone(), before.team, before.agent)
        } else {
            let (team, agents) = TEAMS[index % TEAMS.len()];
            let agent = *draws.one_of(&agents);
            (is_shared.then(|| format!("h-{index:03}")), team, agent)
        };
        people.push(Person {
            client: format!("c-{:03}", index + 1),
            name,
            household,
            team,
            agent,
            nature: nature(draws),
            age: 22 + (draws.uniform() * 50.0) as u32,
            years_with_us: (draws.uniform() * 12.0) as u32,
        });
    }
    people
}

/// Marked neighbours pair up: the first of a pair opens the household, the second joins it.
fn is_shared_with(before: &Person, is_shared: bool, index: usize) -> bool {
    is_shared && before.household.as_deref() == Some(format!("h-{:03}", index - 1).as_str())
}

fn nature(draws: &mut Draws) -> Nature {
    match draws.uniform() {
        u if u < 0.40 => Nature::Persuadable,
        u if u < 0.70 => Nature::SureThing,
        u if u < 0.85 => Nature::LostCause,
        _ => Nature::SleepingDog,
    }
}
