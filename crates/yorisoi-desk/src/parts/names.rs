//! What are actions, topics and attributes called? In the words of the policy; by their ids where it has none.

use yorisoi_decision::{ActionId, Policy, Topic, Words};

use crate::context::Context;
use crate::lang::Text;

/// The words of the policy that holds; none while there is no policy.
#[derive(Debug, Default)]
pub(crate) struct Names {
    policy: Option<Policy>,
}

impl Names {
    /// The words of a policy.
    pub(crate) fn of(policy: Option<Policy>) -> Self {
        Self { policy }
    }

    /// An action in the reader's language.
    pub(crate) fn action(&self, cx: &Context, action: &ActionId) -> String {
        cx.t(&Text::from(&self.action_words(action))).to_owned()
    }

    /// An action in both languages.
    pub(crate) fn action_words(&self, action: &ActionId) -> Words {
        let known = self.policy.as_ref().map(|policy| policy.action_name(action));
        known.unwrap_or_else(|| Words::same(action.as_str()))
    }

    /// An arm of a study in both languages: as the action that it is, or by its own name.
    pub(crate) fn arm(&self, arm: &str) -> Words {
        arm.parse().map_or_else(|_| Words::same(arm), |action| self.action_words(&action))
    }

    /// A topic in the reader's language.
    pub(crate) fn topic(&self, cx: &Context, topic: &Topic) -> String {
        cx.t(&self.topic_words(topic)).to_owned()
    }

    /// A topic in both languages.
    pub(crate) fn topic_words(&self, topic: &Topic) -> Text {
        let known = self.policy.as_ref().map(|policy| Text::from(&policy.topic_name(topic)));
        known.unwrap_or_else(|| Text::new(topic.as_str(), topic.as_str()))
    }

    /// An attribute of a client in the reader's language.
    pub(crate) fn attribute(&self, cx: &Context, attribute: &str) -> String {
        let known = self.policy.as_ref().map(|policy| policy.attribute_name(attribute));
        known.map_or_else(|| attribute.to_owned(), |words| cx.t(&Text::from(&words)).to_owned())
    }

    /// Every topic that there is to choose from, by its id.
    pub(crate) fn topics(&self) -> Vec<Topic> {
        let Some(policy) = &self.policy else { return Vec::new() };
        let acted_on = policy.actions.iter().filter_map(|action| action.topic.clone());
        let mut topics: Vec<Topic> = acted_on.chain(policy.topics.keys().cloned()).collect();
        topics.sort();
        topics.dedup();
        topics
    }

    /// Every way that actions take.
    pub(crate) fn channels(&self) -> Vec<String> {
        let actions = self.policy.iter().flat_map(|policy| &policy.actions);
        let ways = actions.filter_map(|action| action.channel.as_ref().map(ToString::to_string));
        let mut ways: Vec<String> = ways.collect();
        ways.sort();
        ways.dedup();
        ways
    }

    /// The id of the topic that was typed: by its id, or by what it is called in either language.
    pub(crate) fn typed_topic(&self, typed: &str) -> String {
        let meant = |text: &str| yorisoi_app::narrow(text).to_lowercase();
        let typed_meant = meant(typed);
        let is_called = |topic: &Topic| {
            let Text { en, ja } = self.topic_words(topic);
            meant(topic.as_str()) == typed_meant
                || [en, ja].iter().any(|it| meant(it) == typed_meant)
        };
        let known = self.topics().into_iter().find(is_called);
        known.map_or_else(|| yorisoi_app::narrow(typed), |topic| topic.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_names_and_a_topic_is_found_by_both() {
        let policy = Policy::parse(yorisoi_app::SAMPLE_POLICY).unwrap();
        let names = Names::of(Some(policy));
        for typed in ["career", "Work and Career", "お仕事・働き方", "ｃａｒｅｅｒ"] {
            assert_eq!(names.typed_topic(typed), "career", "{typed}");
        }
        assert_eq!(names.typed_topic("ｍｏｖｉｎｇ"), "moving");
        assert_eq!(names.arm("points").ja, "ポイントの進呈");
        assert_eq!(names.arm("none of it"), Words::same("none of it"));
        let unknown = Topic::new("moving").unwrap();
        assert_eq!(names.topic_words(&unknown), Text::new("moving", "moving"));
        assert_eq!(Names::default().typed_topic("career"), "career");
    }
}
