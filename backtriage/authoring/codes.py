"""Every code of an issue of a rule set, and what it means in one sentence."""

LOAD = {
    "always-holds": "A comparison that every answer fits.",
    "bad-id": "An id that is not made of small letters, digits and _.",
    "changed-since-lock": (
        "A file that is not as it was when the rule set was locked, or a lock that is none."
    ),
    "circular": "Definitions, or an `ask_if`, that need themselves.",
    "control-character": (
        "A character that cannot be shown, or that turns the direction of the text."
    ),
    "duplicate-id": "The same id twice.",
    "duplicate-key": "The same key twice in one mapping.",
    "duplicate-label": "Two questions, or two options of one, whose labels look alike.",
    "emergency-in-list": "A question in a list that alone raises an emergency.",
    "empty": "A file, a text or a section with nothing in it.",
    "empty-condition": "A condition without a comparison.",
    "empty-list": "A list that fewer than two questions are in.",
    "list-apart": "Questions of one list that do not stand one after the other.",
    "missing-event": "A symptom without the words for that it comes about.",
    "missing-file": "A file that every rule set has.",
    "missing-key": "A key that must be there.",
    "missing-not-sure": 'A question that does not say what "not sure" counts as.',
    "missing-placeholder": "How a number is said, without {answer} where the number goes.",
    "no-red-flags": "A rule set without red flags: it would send everybody home.",
    "no-rule-set": "No folder with a ruleset.yaml in it.",
    "no-step": "An advice that tells some people nothing.",
    "not-utf8": "A file that is not UTF-8.",
    "out-of-range": "A number outside its range, or a bound that always or never holds.",
    "po-syntax": "A catalogue of translations that cannot be read as a PO file.",
    "reserved-id": "An id that is a word of the rule language.",
    "reserved-label": "A label of an option that means something else when it is typed.",
    "tag": "A YAML tag.",
    "too-deep": "Nesting beyond all need.",
    "too-large": "A file, or a condition with its definitions written out, beyond all need.",
    "two-documents": "A second YAML document in one file.",
    "unknown-area": "An area of ruleset.yaml without a file.",
    "unknown-key": "A key that has no meaning here.",
    "unknown-language": "A language that the rule set has no catalogue of.",
    "unknown-list": "A list that is not there.",
    "unknown-option": "A value that is not among the answers of the question.",
    "unknown-placeholder": "A placeholder such as {answer} where nothing fills it.",
    "unknown-question": "A question or definition that is not there.",
    "unknown-source": "A source that is not in sources.yaml.",
    "unknown-suspicion": "A suspicion that is not in ruleset.yaml.",
    "unreadable-file": "A file that cannot be read.",
    "unsafe-ask-if": "A question that may not be asked although no is the worrying answer.",
    "unused-file": "A file that nothing reads.",
    "waits-for-later": "An `ask_if` that waits for a question asked later.",
    "wrong-type": "A value of the wrong kind.",
    "wrong-value": "A value that is not one of those that may stand here.",
    "yaml-syntax": "A mistake in the YAML.",
}
"""What makes the files of a rule set impossible to read."""

CASES = {
    "not-an-option": "An answer of a case that is not among the options.",
    "not-sure-refused": '"Not sure" in a case, where the question refuses it.',
    "unknown-patient": "A case that starts from a patient who is not in cases/patients.yaml.",
    "unknown-red-flag": "A case that names a red flag which is not there.",
}
"""What makes the cases alone impossible to read."""

CHECK = {
    "and-or": 'A text with "and/or".',
    "double-negative": "A text of a question with two negatives in one clause.",
    "hard-to-read": (
        "A text above its reading grade: 6 for questions, 8 for what is told (Flesch-Kincaid)."
    ),
    "late-emergencies": "An area without emergencies that is asked before one with.",
    "local-word": "A telephone number or a word that is not known in every country.",
    "long-sentence": "A sentence of a question with more than 25 words.",
    "no-case": "A red flag that no case expects to be present, or absent, or unresolved.",
    "no-check": (
        'A critical question of which "not sure" counts as the worse answer, without a check that '
        "could settle it."
    ),
    "reading-not-checked": (
        "How hard the texts are to read was not checked, as the extra is not installed."
    ),
    "reassuring": "A text that says more than a questionnaire can know.",
    "repeated-part": "A condition with the same part twice.",
    "two-questions": 'A yes/no question that asks two things, not joined by "or".',
    "uncited-source": "A source that nothing cites.",
    "unfinished": (
        "A text that does not end with a full stop or a question mark; YAML may have cut it."
    ),
    "unused-definition": "A definition that nothing uses.",
    "unused-question": "A question that no red flag and no advice uses.",
    "unused-suspicion": "A suspicion that no red flag has.",
    "urgency-in-prose": (
        "A line that names care for what may happen, without `watch` or `how`: nothing checks it."
    ),
}
"""What `rules check` finds in a rule set that can be read."""

TRANSLATIONS = {
    "equal-options": "Two options of one question with the same translation.",
    "hard-translation": "A translation that is hard to read, by a formula for its language.",
    "long-translation": (
        "A label that takes two lines of 60 columns, where the English takes one; another text "
        "much longer than the English, or with a sentence of more than 35 words."
    ),
    "missing-translation": (
        "A text without a translation, or a language that must be complete and is not."
    ),
    "other-end": (
        "A translation with a full stop where the original has none, or without its own; or with "
        "a blank at its beginning or end."
    ),
    "other-number": "A translation whose numbers are not those of the original.",
    "outdated-translation": "A translation of what the text said before it was changed.",
    "reserved-translation": "An option whose translation means something else when it is typed.",
    "translations-not-checked": (
        "The translations were not checked, as the extra is not installed."
    ),
    "two-translations": "The same text, for the same use, translated in two ways.",
    "untranslated-copy": "A translation that is the English text.",
    "wrong-placeholder": (
        "A translation without a placeholder of the original, or with another: the English is told "
        "in its place."
    ),
}
"""What `rules check` finds in the catalogues of a rule set."""

PROVE = {
    "no-home-care": "Whatever a patient answers, some red flag is present.",
    "never-present": (
        "No patient can have the red flag: its condition contradicts itself or an `ask_if`."
    ),
    "never-decisive": "Whenever the red flag is present, so is another that is as urgent or more.",
    "equivalent": "Two red flags are present in exactly the same patients.",
    "follow-up-alone": (
        "The red flag is present by the answer to a question that does not apply; a form that is "
        "filled in whole answers it all the same."
    ),
    "idle-question": (
        "No answer to the question changes the outcome of any patient, or what the advice says."
    ),
    "never-asked": "The question is asked of nobody: its `ask_if` cannot hold.",
    "hides-urgency": (
        "Somebody is not asked the question, although an answer to it could be more urgent."
    ),
    "not-monotone": "A more worrying answer to the question leads to less urgency.",
    "not-sure-milder": '"Not sure" leads to less urgency than an answer that it may stand for.',
    "told-wrongly": (
        "A line is told to somebody of whom its `never_if` is true, or whose way to get help is "
        "another."
    ),
    "milder-than-rules": (
        "A line says what to do if something happens, and for somebody the rules are more urgent."
    ),
    "watches-for-known": "A line tells somebody to look for what they have answered already.",
    "way-not-told": "Somebody with an emergency is not told how to get help.",
    "no-date": "Somebody is sent home without a day to look again.",
}
"""What `rules prove` can refute."""

EXCUSES = {
    "unknown-excuse": "An excuse for a code that there is not.",
    "unused-excuse": "An excuse for an issue that is not there.",
}

EXCUSABLE = CHECK | PROVE
ALL = LOAD | CASES | CHECK | TRANSLATIONS | PROVE | EXCUSES
