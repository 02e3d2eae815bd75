#!/bin/sh
# Say where Postfix's smtp-sink lies, to which benchmarks of mail send. Where it is missing, Debian's package is unpacked into .tools:
# installing it would start a mail server.
set -eu
unpacked=.tools/postfix/smtp-sink

for program in smtp-sink /usr/sbin/smtp-sink "$unpacked"; do
    if command -v "$program" >/dev/null 2>&1; then
        command -v "$program"
        exit 0
    fi
done

refuse() {
    echo "smtp-sink is missing, to which mail is sent: on Debian and Ubuntu, apt install postfix." >&2
    exit 1
}

command -v apt-get >/dev/null 2>&1 || refuse
mkdir -p .tools/postfix
(cd .tools/postfix && apt-get -qq download postfix >/dev/null 2>&1 && dpkg-deb --extract postfix_*.deb .) || refuse
cat >"$unpacked" <<'END'
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
LD_LIBRARY_PATH=$here/usr/lib/postfix exec "$here/usr/sbin/smtp-sink" "$@"
END
chmod +x "$unpacked"
LD_LIBRARY_PATH=.tools/postfix/usr/lib/postfix ldd .tools/postfix/usr/sbin/smtp-sink | grep -q "not found" && refuse
echo "$unpacked"
