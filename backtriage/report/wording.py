"""The sentences that are told of a result and on the way to it, with places for what differs.

Report and terminal fill them in; the page for a browser carries them along, to do so there.
"""


# No enum: making one takes half a millisecond, which each start of a command would pay.
class Wording:
    """What is said, by what it is for; `language.say` fills in what stands in braces."""

    # answers
    YES = "yes"
    NO = "no"
    NOT_SURE = "not sure"
    THEN_YES = "not sure, then yes"
    THEN_NO = "not sure, then no"
    TWICE = "not sure, twice"

    # deadlines
    TODAY = "today"
    WITHIN_DAY = "within 1 day"
    WITHIN_DAYS = "within {count} days"
    WITHIN_WEEK = "within 1 week"
    WITHIN_WEEKS = "within {count} weeks"

    # the headline
    BY_DAY = "{title}: {deadline}, by {day}"
    ON_DAY = "{title}: {deadline}, {day}"
    FROM_TO = "Not settled yet: from {least} to {most}"
    TITLE_OR_SOONER = "{title}, or sooner (not settled yet)"
    BY_DAY_OR_SOONER = "{title}: {deadline}, by {day}, or sooner (not settled yet)"
    ON_DAY_OR_SOONER = "{title}: {deadline}, {day}, or sooner (not settled yet)"
    WITH_DEADLINE = "{title}: {deadline}"
    LOOK_AGAIN = "Look again on {day}"
    NO_NUMBER = "the emergency number"
    WHERE_IT_HOLDS = "{call} is the emergency number in {country}. Elsewhere it may be another."

    # the care card
    NO_ADVICE = "No advice yet"
    GO_ON = "Answer the questions that are still open."
    MAY_BE = "Too little is known yet. It may turn out to be: {most}."
    CARD_BY_DAY = "By {day} ({deadline})"
    CARD_TODAY = "Today, {day}"
    CARD_BY_DAY_OR_SOONER = "By {day} ({deadline}), or sooner"
    CARD_TODAY_OR_SOONER = "Today, {day}, or sooner"
    WHY = "Why:"
    ONE_MORE = "And 1 more warning sign."
    MORE = "And {count} more warning signs."
    EVENTS = "Get help at once if {events}."
    MORE_EVENTS = "There are more such signs."
    CARD_NUMBER = "Emergency number: {call} ({country})"

    # sections, and what stands in them
    TO_DO = "What to do"
    NOTHING_TO_DO = "There is no advice yet. Questions that matter are still open."
    MAY_BE_MORE_URGENT = "It may turn out to be more urgent: questions that matter are still open."
    TO_SAY = "What to say"
    TO_SAY_BY = "{opening} {deadline}"
    FOUND = "The questions found: {labels}"
    UNSURE = "{said} (I am not sure)"
    DOUBTS = "I am not sure about: {labels}"
    REASONS = "What your answers show"
    TOO_LITTLE = "Too little is known yet to say."
    OTHER_REASONS = "Also, but less urgent"
    REASON = "{because} ({answers})"
    SAFE_SIDE = "You were not sure, and we take the safe side. {because}"
    LABELLED = "{label}: {answer}"
    COUNTED = "{label}: {answer} (counted as {counted})"
    CALL_IF = "Call {number} at once if"
    GO_IF = "Go to an emergency department at once if"
    DOCTOR_TODAY_IF = "Call a doctor the same day if"
    DOCTOR = "See a doctor"
    DOCTOR_IF = "{deadline} if {event}"
    OR_EVENT = "; or "
    OR_MORE = "{event} ({quantity} or more)"
    OR_LESS = "{event} ({quantity} or less)"
    TOGETHER = "If two things to call or see a doctor for come together"
    TOGETHER_HOW = "Answer these questions again: together they may be more urgent than alone."
    DATES = "When to look again"
    ON_THAT_DAY = "{day}: {text}"
    STILL_OPEN = "Questions still open, the most decisive first"
    LIMITS = "What this cannot tell"
    ANSWERS = "All your answers"
    NO_ANSWERS = "None yet."
    PLAIN_NO = "No: {labels}"
    TO_CHECK = "What to check for"
    FOR_DOCTOR = (
        "For the doctor: these answers ask for a check of the following. "
        "They do not show that any of it is there."
    )
    SUSPICION = "{suspicion}: {answers}"
    SOURCES = "Sources"
    RECORD = "Record"
    MADE_BY = "{day}. Rule set {id} {version} ({hash}), backtriage {engine}."
    RED_FLAGS = "Red flags: {red_flags}."
    TRANSLATION = "Translation: {language} ({hash})."
    IN_SHORT = "In short"
    NO_NATIVE = "No native clinician has reviewed this translation."
    PARTLY_ENGLISH = "Some of this is in English, as it has not been translated yet."

    # a page that prints
    PAGE_TITLE = "Back pain: {title}"
    DOCTOR_SHEET = "For the doctor"
    NAME = "Name"
    BORN_ON = "Born on"
    PHONE = "Phone"
    TITLE_AND_WHEN = "{title}. {when}"
    FIELD = "{field}:"
    MORE_ON_PAGE = "More is on the page itself."
    ANSWERED_ON = "Answered on: {day}"

    # on the way to it
    KEYS = (
        "y = yes, n = no, ? = not sure. You can also type:\n"
        "w = why we ask, b = back to the question before, q = stop.\n"
        "Press Enter after each answer. What you type stays on this computer."
    )
    COMMANDS = "You can also type w = why we ask, b = back, q = stop."
    SOURCE = "Source: {source}"
    COUNTED_AS = "{name}. We count this as: {counted}."
    COUNTED_SAFELY = "{name}. We count this as: {counted}, to be safe."
    DROPPED = "No longer asked, so dropped: {label}."
    NO_EMERGENCY = (
        "After this change your answers show no emergency so far. There is no advice yet."
    )
    LAST = "the last question"
    USUALLY_LAST = "for most people the last question"
    ONE_LEFT = "for most people about 1 more question after this one"
    LEFT = "for most people about {count} more questions after this one"
    DOUBTFUL = "After your change we would not ask this. But a warning sign rests on your answer."
    STILL_TRUE = "Is this answer still true?"
    YOUR_ANSWERS = "Your answers"
    ALL_RIGHT = "Are these right?"

    OFFER = (
        "Save your answers, to go on later? "
        "Type a name for the file, or press Enter to leave without saving."
    )

    # what clients are warned of
    NOT_ASKED = (
        '"{id}" ({label}) was answered though the question does not apply, '
        "going by the other answers; it counts as it was given"
    )


def list_wording() -> dict[str, str]:
    """Each sentence by its name."""
    return {name: text for name, text in vars(Wording).items() if name.isupper()}
