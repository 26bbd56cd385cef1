// German texts of signing in, the first setup and the own password.

export const signInDe = {
  signIn: {
    title: "Anmelden",
    name: "Name",
    password: "Passwort",
    submit: "Anmelden",
    out: "Abmelden",
    signedInAs: (name: string) => `Angemeldet als ${name}`,
    toSetup: "Erste Einrichtung mit Einmal-Code",
    toSignIn: "Zurück zur Anmeldung",
  },
  setup: {
    title: "Erste Einrichtung",
    intro:
      "Der Einmal-Code steht im Protokoll des Dienstes (Zeile „Einmal-Code für die erste Anmeldung“).",
    code: "Einmal-Code",
    name: "Name des ersten Kontos",
    password: "Passwort",
    passwordHint: "Mindestens 12 Zeichen.",
    invalid:
      "Das Passwort braucht mindestens 12 Zeichen, der Name Buchstaben, Ziffern oder . _ @ - ohne Leerzeichen.",
    submit: "Konto anlegen",
  },
  password: {
    title: "Passwort ändern",
    intro: "Dieses Passwort hat jemand anderes gesetzt. Bitte ein eigenes wählen.",
    present: "Jetziges Passwort",
    next: "Neues Passwort",
    submit: "Ändern",
    refused: "Das jetzige Passwort stimmt nicht.",
  },
};
