// What the app calls its controls, and what its pages say.

export const SIGN_IN = "Sign in with Hugging Face";
export const SIGN_OUT = "Sign out";
export const SIGNED_OUT = "You are signed out.";
export const CONTINUE = "I have signed in: continue";
export const GO_ON_HERE = "Go on here";
export const OWN_TAB = "Open the app in its own tab";
export const PROFILE = "Profile";
export const HOME = "Home";

export const CHOOSE_AGAIN = "Choose organizations again";
export const SOMEBODY_ELSE = "Sign in as somebody else";

export const FOR_MEMBERS = "This is for members of lab. Please sign in with Hugging Face.";
export const NOT_A_MEMBER = "You are not a member of lab, or this app does not see that you are.";
export const PLEASE_SIGN_IN = "Please sign in with Hugging Face.";
export const WELCOME = "Welcome to My Space";
export const HELLO = "Hello, Ada Example!";
export const TAB_IS_THROUGH = "You are signed in";
export const DENIED = "You are not signed in";
export const NOT_YET = "Not signed in yet";
export const PROFILE_HEADING = "Your profile";
export const UNKNOWN_SIGN_IN = "This sign-in cannot go on";
export const NO_COOKIES = "This browser keeps no cookies in frames";

// On the Hub's consent page.
export const ALLOW = "Authorize";
export const DENY = "Cancel";
export const ASKS = "Authorize the app?";
