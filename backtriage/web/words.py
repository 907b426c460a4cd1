"""What the page says that nothing else does: its buttons, and how it is used."""

from enum import StrEnum


class Words(StrEnum):
    """By what it is for; what stands in braces is filled in there."""

    START = "Start"
    YES = "Yes"
    NO = "No"
    NOT_SURE = "Not sure"
    NOT_SURE_OF = "Not sure: {item}"
    UNSURE = "?"
    NONE = "None of these"
    CONTINUE = "Continue"
    BACK = "Back"
    WHY = "Why do we ask this?"
    CHANGING = "You are changing an answer."
    BEFORE = "Your answer was: {answer}"
    KEEP = "Leave it as it is"
    TRY = "Not sure? Try this"
    YES_HINT = "Say yes even if it is only a little or at times. Say no if it cannot apply to you."
    LIST_HINT = 'Tick all that apply. Tick "?" where you are not sure.'
    UNIT = "Unit"
    NO_NUMBER_TYPED = 'Write one number in figures and a unit, for example "{example}".'
    NO_THOUSANDS = "Please write the number without a point or comma for thousands."
    UNKNOWN_UNIT = '"{name}" is not known here. Please write the number in one of these: {units}.'
    TWO_UNITS = "You wrote {written} and chose {chosen}. Please let only one of them stand."
    NO_UNIT = "Please choose one of these: {units}."
    OUT_OF_RANGE = "This must be from {least} to {most}."
    COUNTRY = "Which country are you in?"
    COUNTRY_WHY = "Then we can tell you the emergency number."
    OTHER_COUNTRY = "Another country, or rather not say"
    PRIVATE = (
        "What you answer stays on this device. "
        "Nothing is sent, and nothing is kept when you close the page."
    )
    RESUME = "Go on with saved answers"
    RESUME_HOW = "Choose the file that you saved here before."
    CANNOT_RESUME = "These answers cannot be used: {reason}"
    NO_RECORD = "this is no file of saved answers."
    OTHER_RULES = (
        "they were given to another version of the questions ({theirs}); this page has {ours}. "
        "Please start anew."
    )
    BAD_DAY = "the day that they are from is no day that can be."
    BAD_ANSWER = 'there is something wrong with the answer to "{id}".'
    SAVED_ON = "Your saved answers are from {day}."
    RESUMED = (
        "If something has changed since then, go back to it. You will see all answers at the end."
    )
    SAVE = "Save my answers"
    SAVE_HOW = "They go into a file on this device. Whoever can open the file can read them."
    EMERGENCY = "Emergency"
    CALL = "Call {number}"
    CALL_FIRST = "Your answers show that you need help now. You need not answer the rest first."
    STOP_HERE = "Show me what to do now"
    GO_ON = "Go on with the questions"
    STILL_YES = "Yes, it is still true"
    STILL_NO = "No, drop it"
    STILL_NOT_SURE = "Not sure, so keep it"
    CHANGE = "Change"
    CHANGE_THAT = "Change: {label}"
    NOS = "You said no to {count} questions"
    ONE_NO = "You said no to 1 question"
    SHOW_RESULT = "All is right: show the result"
    CHECK_ANSWERS = "Please check them. Then you get the result."
    PRINT = "Print"
    MORE_FOR_DOCTOR = "Answer more for your doctor"
    CHANGE_ANSWERS = "Look at my answers"
    START_AGAIN = "Start again"
    SURE_AGAIN = "This deletes your answers. Really start again?"
    REALLY = "Yes, delete them"
    SURE_REPLACE = "You have given answers here. Really go on with those of the file instead?"
    REPLACE = "Yes, take those of the file"
    KEEP_THEM = "No, keep them"
    DETAILS = "What to watch for, and what helps"
    PROGRESS = "How far you are"
    NOT_REVIEWED = "No clinician has reviewed it. It is no diagnosis."
    MADE_FROM = "Rule set {id} {version} ({hash}), backtriage {engine}. Page made on {day}."
    NO_SCRIPT = (
        "If nothing else appears here, this browser is too old for the page, "
        "or JavaScript is switched off."
    )
    BROKEN = (
        "Something went wrong in this page, so do not rely on it. "
        "If you are worried, call a doctor now."
    )
