//! What is an entry called? The name of each kind, as it stands in the chain.

use crate::entry::Body;

impl Body {
    /// The kind's name, as in the JSON of the entry.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ClientAdded { .. } => "client_added",
            Self::ClientChanged { .. } => "client_changed",
            Self::ClientsMerged { .. } => "clients_merged",
            Self::AliasAdded {} => "alias_added",
            Self::ConsentGranted { .. } => "consent_granted",
            Self::ConsentWithdrawn { .. } => "consent_withdrawn",
            Self::Refused { .. } => "refused",
            Self::Reopened { .. } => "reopened",
            Self::ChannelQuieted { .. } => "channel_quieted",
            Self::NeedStated { .. } => "need_stated",
            Self::NeedInferred { .. } => "need_inferred",
            Self::NeedAnswered { .. } => "need_answered",
            Self::BusySet { .. } => "busy_set",
            Self::Noted { .. } => "noted",
            Self::CheckedIn { .. } => "checked_in",
            Self::Decided { .. } => "decided",
            Self::ReservationEnded { .. } => "reservation_ended",
            Self::Attempted { .. } => "attempted",
            Self::Delivered { .. } => "delivered",
            Self::Landed { .. } => "landed",
            Self::OutcomeSeen { .. } => "outcome_seen",
            Self::Suppressed { .. } => "suppressed",
            Self::EffectsScored { .. } => "effects_scored",
            Self::ExitRequested {} => "exit_requested",
            Self::ExitOffered { .. } => "exit_offered",
            Self::ExitDecided { .. } => "exit_decided",
            Self::ExitCompleted { .. } => "exit_completed",
            Self::ExitAbandoned {} => "exit_abandoned",
            Self::Returned {} => "returned",
            Self::HandOnReleased { .. } => "hand_on_released",
            Self::HandOnOffered { .. } => "hand_on_offered",
            Self::HandOnAccepted { .. } => "hand_on_accepted",
            Self::HandOnDeclined { .. } => "hand_on_declined",
            Self::HandOnExpired { .. } => "hand_on_expired",
            Self::SupplyChanged { .. } => "supply_changed",
            Self::PolicyDrafted { .. } => "policy_drafted",
            Self::PolicyPublished { .. } => "policy_published",
            Self::PolicyRolledBack { .. } => "policy_rolled_back",
            Self::ModelRegistered { .. } => "model_registered",
            Self::ModelPromoted { .. } => "model_promoted",
            Self::TokenIssued { .. } => "token_issued",
            Self::TokenRevoked { .. } => "token_revoked",
            Self::Looked { .. } => "looked",
            Self::Erased {} => "erased",
        }
    }

    /// Whether the kind is about the house and not about one client.
    pub(crate) fn is_of_the_house(&self) -> bool {
        matches!(
            self,
            Self::SupplyChanged { .. }
                | Self::PolicyDrafted { .. }
                | Self::PolicyPublished { .. }
                | Self::PolicyRolledBack { .. }
                | Self::ModelRegistered { .. }
                | Self::ModelPromoted { .. }
                | Self::TokenIssued { .. }
                | Self::TokenRevoked { .. }
                | Self::Looked { .. }
                | Self::HandOnExpired { .. }
        )
    }

    /// Whether it may carry a number that JSON cannot hold: JSON knows no infinity and no NaN.
    pub(crate) fn may_be_unwritable(&self) -> bool {
        match self {
            Self::Decided { decision, .. } => !decision.is_finite(),
            Self::EffectsScored { .. } | Self::OutcomeSeen { .. } | Self::PolicyDrafted { .. } => {
                true
            }
            _ => false,
        }
    }
}
