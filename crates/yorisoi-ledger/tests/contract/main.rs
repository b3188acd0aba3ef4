//! What does the ledger promise, on every engine?
//!
//! One suite, run on SQLite, on PostgreSQL and in memory: a test here is a sentence about the ledger, not about a
//! database.

#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method of `Books` as such holds for one lifetime only"
)]
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]
#![expect(
    clippy::disallowed_methods,
    reason = "tests that wait or start programs need a clock and files"
)]

#[path = "../common/mod.rs"]
mod common;

mod chain;
mod copies;
mod erasing;
mod helping;
mod house;
mod people;
mod spending;

/// Makes each sentence a test on every engine.
macro_rules! on_every_engine {
    ($($module:ident: $($name:ident),+ $(,)?;)+) => {
        mod sqlite {
            $(mod $module { $(
                #[test]
                fn $name() { crate::$module::$name(&crate::common::Room::sqlite()); }
            )+ })+
        }
        mod postgres {
            $(mod $module { $(
                #[test]
                fn $name() { crate::$module::$name(&crate::common::Room::postgres()); }
            )+ })+
        }
        mod memory {
            $(mod $module { $(
                #[test]
                fn $name() { crate::$module::$name(&crate::common::Room::memory()); }
            )+ })+
        }
    };
}

on_every_engine! {
    chain:
        entries_stand_in_order_and_the_chain_verifies,
        work_that_fails_or_panics_leaves_nothing_and_harms_nobody_else,
        reading_sees_one_state_and_appends_nothing,
        a_clock_that_jumps_back_is_refused_and_one_that_jumps_ahead_is_told,
        sixty_four_callers_at_once_share_one_chain,
        every_commit_is_told_to_whoever_watches,
        an_entry_that_would_not_read_back_is_refused,
        a_part_that_fails_leaves_nothing_and_the_rest_goes_on;
    people:
        a_client_is_what_was_said_of_them_last,
        a_merge_keeps_every_refusal_and_every_contact,
        a_further_name_leads_to_one_client,
        a_refusal_is_lifted_by_the_client_only,
        what_is_said_of_a_merged_record_binds_the_one_that_stays,
        a_household_counts_its_members_contacts,
        lists_go_by_worth_page_by_page,
        a_timeline_holds_what_happened_newest_first;
    helping:
        a_reservation_keeps_until_it_is_carried_out_given_back_or_expired,
        capacity_is_conserved_under_sixty_four_callers,
        what_was_carried_out_counts_as_a_contact_once,
        a_unit_that_is_handed_on_is_never_counted_twice_nor_lost,
        minutes_and_hard_conversations_are_counted_by_day_of_any_zone,
        outcomes_are_learned_by_what_was_decided,
        a_landing_told_again_is_counted_once_and_the_last_word_counts,
        the_experiment_has_a_running_document_for_each_unit,
        a_unit_of_the_experiment_sees_what_held_since_it_was_dealt;
    spending:
        the_cost_of_a_unit_stands_once_and_with_whoever_has_it_in_the_end,
        what_was_delivered_after_all_is_taken_again_and_counts_from_when_it_was;
    house:
        policies_models_and_tokens_are_what_was_said_last,
        exits_have_times_and_a_return_is_no_save,
        answers_and_notes_are_given_back_as_they_were,
        answers_about_a_client_go_together,
        a_way_out_that_nobody_goes_is_in_no_list;
    erasing:
        whoever_is_erased_is_nowhere_and_stays_suppressed,
        an_old_backup_brings_nobody_back,
        a_known_record_may_share_an_erased_address_and_its_way_is_closed_until_the_client_opens_it,
        what_was_being_handed_on_with_an_erased_person_ends;
    copies:
        a_backup_restores_to_the_same_ledger,
        projections_folded_anew_are_the_same,
        a_backup_that_was_changed_or_cut_off_is_refused,
        an_export_holds_every_entry_with_its_hash;
}
