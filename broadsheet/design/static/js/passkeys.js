// What a browser or a passkey refuses, in words on the page: allauth's script tells it to the document.
const WORDS = {
  NotAllowedError: "The browser found no passkey for this site that could be used, or it was called off. Try again, or use another way.",
  InvalidStateError: "This device has a passkey for your account already.",
  NotSupportedError: "This browser or device can make no such passkey.",
};

function said(error) {
  if (/^[\d.]+$|^\[/.test(location.hostname)) return `Passkeys need a name in the address, and this one is a number. Open this site by its name${["127.0.0.1", "[::1]"].includes(location.hostname) ? `: ${location.origin.replace(location.hostname, "localhost")}` : "."}`;
  if (!window.PublicKeyCredential) return "This browser speaks with passkeys at addresses that begin with https only, or not at all.";
  return WORDS[error?.name] ?? "That did not work. Try again, or use another way.";
}

document.addEventListener("allauth.error", (event) => {
  const line = document.getElementById("passkey-trouble");
  if (!line) return;
  line.textContent = said(event.detail.exception);
  line.hidden = false;
});
