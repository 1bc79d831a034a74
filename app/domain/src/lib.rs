//! # domain: what a practice knows and may do
//!
//! Types and rules, and nothing else: no I/O, no clock, no randomness, no async, no interface code. The
//! same crate is compiled into the browser and into the server, so a command means the same on both.
//!
//! - [`command`] lists every write. A [`command::Command`] says which rows it [reads](command::Command::reads),
//!   is decided by [`decide::decide`] over a [`row::View`], and yields whole-row facts.
//! - [`row`] lists every kind of row, its compartment and where it goes; [`merge`] says how two edits come together.
//! - [`access`] is the one permission table, deny by default; [`scope`] says which devices are sent which rows.
//! - [`messages`] turns codes into sentences, in English and Spanish; [`sheet`] guesses what other systems' columns are, [`name`] whom they name.
//! - Each area ([`practice`], [`patients`], [`coverage`], [`intake`], [`encounters`], [`schedule`], [`notices`], [`tasks`], [`recalls`], [`referrals`], [`tray`]) holds its types and its part of `decide`.
//!
//! | Area | Rows | Commands | Screens |
//! |---|---|---|---|
//! | practice | Practice, BillingEntity, Site, Practitioner, WorkforceMember, Device | RecordPractice, RecordBillingEntity, RecordSite, RecordPractitioner, RecordWorkforceMember, EnrolDevice | sign-in, kiosk enrolment |
//! | patients | Patient, Membership, RelatedPerson, PatientLink, PatientAlias, Conflict | RegisterPatient, AssignPatient, SetPatientAside, BringBackPatient, CorrectPatient, RecordRelatedPerson, CorrectRelatedPerson, MarkDistinct, MergePatients, UnmergePatients, ResolveConflict | desk search, record, new patient, duplicates, import, decisions |
//! | coverage | Coverage | RecordCoverage | desk record |
//! | intake | Questionnaire, ConsentForm, Intake, QuestionnaireResponse, Consent | PublishQuestionnaire, PublishConsentForm, SubmitIntake, AcceptIntake, RejectIntake, RevokeConsent, AnswerQuestionnaire | kiosk, intake to review, today, forms, record |
//! | encounters | Encounter, HistoryItem | RecordHistory | patient record |
//! | schedule | VisitType, SiteClock, SiteTravel, PractitionerTerms, Resource, Schedule, ScheduleOverride, Closure, SlotLease, LeaseRule, Busy, AppointmentSeries, Appointment, WaitlistEntry | DefineVisitType, DefineResource, SetSchedule, SetOverride, SetClosure, SetTravel, SetPractitionerTerms, SetSiteClock, LeaseSlots, ReleaseLease, SetLeaseRule, BookAppointment, BookSeries, MoveAppointment, ConfirmAppointment, CancelAppointment, SetAppointmentState, PutInRoom, ChangeSeries, AddToWaitlist, CloseWaitlistEntry | calendar, hours, board, record, today, decisions |
//! | notices | NoticeRule, ContactOptOut, Notice | SetNoticeRule, SetOptOut, ReportWrongNumber, AnswerNotice, PlanNotice, ClaimNotice, RecordNoticeOutcome, RetryNotice, SettleNotice, VoidNotice | desk reminders |
//! | tasks | Task | AddTask, CloseTask | tasks, today |
//! | recalls | Recall | AddRecall, NoteRecallContact, TakeBackRecallContact, CloseRecall | recalls, record, board, today |
//! | referrals | Referral | RecordReferral, EndReferral | record, calendar |
//! | tray | TrayItem | ResolveTrayItem | decisions |

pub mod access;
pub mod command;
pub mod coverage;
pub mod decide;
pub mod encounters;
pub mod id;
pub mod intake;
pub mod json;
pub mod merge;
pub mod messages;
pub mod money;
pub mod name;
pub mod notices;
pub mod patients;
pub mod practice;
pub mod recalls;
pub mod redact;
pub mod referrals;
pub mod row;
mod rows;
pub mod schedule;
pub mod scope;
pub mod sheet;
pub mod tasks;
pub mod text;
pub mod tray;
pub mod validate;
