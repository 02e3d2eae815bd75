"""Mail as it comes back: reports, complaints and replies."""

MARK = "back-17-abcdefghijklmnop"
RETURNS = f"returns+{MARK}@review.example"


def a_report(
    action="failed", status="5.1.1", diagnostic="smtp; 550 5.1.1 <fay@example.org>: User unknown", original="", **fields
):
    to = fields.get("to", RETURNS)
    recipient = fields.get("recipient", "rfc822; fay@example.org")
    lines = f"""From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <1@mx.example.org>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

{fields.get("more", "")}Final-Recipient: {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: {diagnostic}

--b
Content-Type: text/rfc822-headers

Return-Path: <{fields.get("sender", RETURNS)}>
Message-ID: <17.abc@review.example>
To: {original or "fay@example.org"}
Subject: The Daily

--b--
"""
    return lines.replace("\n", "\r\n").encode("utf-8", "surrogateescape")


def a_complaint(rcpt="Original-Rcpt-To: <fay@example.org>\n", to="abuse@review.example", sender=RETURNS):
    return f"""From: <feedback@provider.example>
To: {to}
Subject: FW: The Daily
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an email abuse report.

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeProvider/1.0
Version: 1
Original-Mail-From: <{sender}>
{rcpt}
--b
Content-Type: message/rfc822

From: post@review.example
To: fay@example.org
Message-ID: <17.abc@review.example>
Subject: The Daily

Good morning.
--b--
""".encode()


def a_reply(subject="Re: The Daily", body="I am away.", sender="Fay <fay@example.org>", to=RETURNS, **headers):
    more = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    return f"From: {sender}\nTo: {to}\nSubject: {subject}\n{more}\n{body}\n".encode()
