#!/bin/sh
# Legt an, was docker-compose.yml als Geheimnisse einbindet: Dateien im Ordner secrets/ und die Prüfsummen
# der Zugänge von Fluent Bit und Prometheus in .env. Was schon da ist, bleibt. Aufruf: sudo config/compose/secrets.sh
# secrets/master-key getrennt von den Daten sichern: Ohne ihn bleibt Verschlüsseltes zu.
set -eu
umask 077
cd "$(dirname "$0")/../.."
mkdir -p secrets
made=""

random() { # 32 zufällige Bytes als 64 Hexadezimalziffern
  od -An -N32 -tx1 /dev/urandom | tr -d ' \n'
}

secret() { # secret <Name> <Kennung des Benutzers im Behälter>
  if [ ! -s "secrets/$1" ]; then
    random >"secrets/$1.new"
    mv "secrets/$1.new" "secrets/$1"
    made="$made $1"
  fi
  # Andere Rechte lehnt das Abbild von Elasticsearch ab.
  chmod 400 "secrets/$1"
  # Ohne root gehört die Datei dem, der aufruft: dann muss er die Kennung 1000 haben.
  if [ "$(id -u)" = 0 ]; then chown "$2" "secrets/$1"; fi
}

secret master-key 1000
secret elastic-password 1000
secret grafana-password 472
secret fluent-bit-key 0
secret metrics-token 65534

checksum() { # checksum <Variable> <Name>
  sum=$(sha256sum <"secrets/$2" | cut -d' ' -f1)
  if ! grep -q "^$1=$sum\$" .env; then
    grep -v "^$1=" .env >.env.new || true
    echo "$1=$sum" >>.env.new
    mv .env.new .env
    chmod 644 .env
  fi
}

touch .env
checksum FLUENT_BIT_SHA256 fluent-bit-key
checksum METRICS_TOKEN_SHA256 metrics-token
if [ -n "$made" ]; then
  echo "Angelegt in secrets/:$made"
  echo "Bitte secrets/master-key getrennt von den Daten sichern."
fi
