"""Messages and a modal as an app of this kind sends them, for the tests of the fake Slack."""


def plain(text):
    return {"type": "plain_text", "text": text}


def option(value):
    return {"text": plain(value.title()), "value": value}


FEEDBACK = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "useful",
            "positive_button": {"text": plain("Useful"), "value": "good"},
            "negative_button": {"text": plain("Not useful"), "value": "bad"},
        }
    ],
}
ALERT = [
    {"type": "section", "text": plain("BYD + Uber: joint venture.")},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "mute", "text": plain("Mute"), "value": "S1"},
            {"type": "overflow", "action_id": "more", "options": [option("share"), option("cite")]},
        ],
    },
    FEEDBACK,
]
FORM = {
    "type": "modal",
    "callback_id": "subscribe",
    "notify_on_close": True,
    "title": plain("Subscribe"),
    "submit": plain("Save"),
    "blocks": [
        {
            "type": "input",
            "block_id": "lists",
            "label": plain("Lists"),
            "element": {
                "type": "multi_static_select",
                "action_id": "lists",
                "options": [option("cars"), option("cells")],
                "initial_options": [option("cars")],
            },
        },
        {
            "type": "input",
            "block_id": "company",
            "optional": True,
            "label": plain("Company"),
            "element": {"type": "external_select", "action_id": "company", "min_query_length": 1},
        },
        {
            "type": "input",
            "block_id": "hours",
            "label": plain("Quiet hours"),
            "element": {"type": "plain_text_input", "action_id": "hours"},
        },
    ],
}
