// English texts of signing in, the first setup and the own password.
import type { signInDe } from "./sign-in-de.ts";

export const signInEn: typeof signInDe = {
  signIn: {
    title: "Sign in",
    name: "Name",
    password: "Password",
    submit: "Sign in",
    out: "Sign out",
    signedInAs: (name) => `Signed in as ${name}`,
    toSetup: "First set-up with a one-time code",
    toSignIn: "Back to sign-in",
  },
  setup: {
    title: "First set-up",
    intro:
      "The one-time code is in the log of the service (line “One-time code for the first sign-in”).",
    code: "One-time code",
    name: "Name of the first account",
    password: "Password",
    passwordHint: "At least 12 characters.",
    invalid:
      "The password needs at least 12 characters, the name letters, digits or . _ @ - without spaces.",
    submit: "Create account",
  },
  password: {
    title: "Change password",
    intro: "Somebody else set this password. Please choose your own.",
    present: "Present password",
    next: "New password",
    submit: "Change",
    refused: "The present password is wrong.",
  },
};
