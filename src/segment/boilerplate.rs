//! Lines that web pages leave between the paragraphs of an article.

/// Longest line that can be boilerplate, in bytes; nothing longer is looked at.
const LONGEST: usize = 240;

/// Whole lines, compared without letter case and without marks at the end; sorted.
const LINES: &[&str] = &[
    "accept",
    "accept all",
    "accept all cookies",
    "accept cookies",
    "ad",
    "ad feedback",
    "advert",
    "advertisement",
    "advertising",
    "all rights reserved",
    "article continues after advertisement",
    "back to top",
    "close",
    "comments",
    "continue reading",
    "continue reading the main story",
    "cookie policy",
    "cookie settings",
    "cookies",
    "copy link",
    "copy this link",
    "download the app",
    "editor's picks",
    "email",
    "facebook",
    "follow us",
    "get the app",
    "home",
    "instagram",
    "join the conversation",
    "keep reading",
    "leave a comment",
    "linkedin",
    "listen to this article",
    "load more",
    "log in",
    "login",
    "manage cookies",
    "media caption",
    "menu",
    "more from this section",
    "more on this story",
    "more stories",
    "most popular",
    "most read",
    "newsletter",
    "next article",
    "open in app",
    "paid post",
    "play video",
    "post a comment",
    "powered by",
    "previous article",
    "print",
    "print this page",
    "privacy policy",
    "promoted content",
    "read more",
    "recommended",
    "recommended for you",
    "reject all",
    "related",
    "related articles",
    "related content",
    "related stories",
    "related topics",
    "reprints",
    "save article",
    "share",
    "share article",
    "share on facebook",
    "share on linkedin",
    "share on twitter",
    "share on whatsapp",
    "share this",
    "share this article",
    "share this page",
    "share this story",
    "share this with",
    "show more",
    "sign in",
    "sign up",
    "skip ad",
    "skip advertisement",
    "skip to content",
    "skip to main content",
    "sponsored",
    "sponsored content",
    "story continues below advertisement",
    "subscribe",
    "subscribe now",
    "supported by",
    "terms and conditions",
    "terms of service",
    "terms of use",
    "top stories",
    "trending",
    "tweet",
    "twitter",
    "view comments",
    "view image in fullscreen",
    "watch live",
    "watch now",
    "whatsapp",
    "you may also like",
    "you might also like",
];

/// Starts of lines, compared without letter case.
const STARTS: &[&str] = &[
    "media playback is not supported",
    "media playback is unsupported",
    "this video can not be played",
    "this video cannot be played",
    "to play this video you need to",
    "your browser does not support",
    "please enable javascript",
    "javascript is disabled",
    "you need to enable javascript",
    "please turn on javascript",
    "share this with ",
    "share this page:",
    "share this article:",
    "share on facebook",
    "click here to ",
    "click to share",
    "click to email",
    "sign up for our ",
    "sign up for the ",
    "sign up to our ",
    "sign up to receive ",
    "sign up here",
    "subscribe to our ",
    "subscribe to the ",
    "subscribe now ",
    "get our newsletter",
    "get the latest news",
    "get breaking news",
    "get email updates",
    "join our newsletter",
    "join our whatsapp",
    "join our telegram",
    "follow us on ",
    "follow us at ",
    "like us on facebook",
    "find us on facebook",
    "download our app",
    "download our free",
    "this website uses cookies",
    "this site uses cookies",
    "we use cookies",
    "we and our partners",
    "by continuing to use this site",
    "by using this site, you",
    "by continuing to browse",
    "we value your privacy",
    "this content is provided by",
    "this article contains content provided by",
    "we ask for your permission before anything is loaded",
    "all rights reserved",
    "copyright ©",
    "copyright (c)",
    "© ",
    "(c) 19",
    "(c) 20",
    "these are external links",
    "external sites are not responsible",
    "the bbc is not responsible for the content",
    "read about our approach to external linking",
    "read more:",
    "read also:",
    "also read:",
    "see also:",
    "related:",
    "more:",
    "watch:",
    "listen:",
    "recommended:",
    "around the bbc",
    "more on this story",
    "you must be logged in",
    "log in to ",
    "already a subscriber",
    "already have an account",
    "this article is for subscribers",
    "subscribers only",
    "support our journalism",
    "our standards:",
    "thank you for reading",
    "thanks for signing up",
    "there was an error",
    "an error has occurred",
    "please try again later",
    "loading...",
    "image not available",
    "the views expressed in this article",
    "this material may not be published",
    "article continues below",
    "story continues below",
    "report this ad",
];

/// Whether a line is left over from the page around an article.
pub(super) fn is_boilerplate(line: &str) -> bool {
    if line.len() > LONGEST {
        return false;
    }
    let line = line.to_lowercase();
    let line = line.trim_start_matches(['•', '*', '-', '+', '>', '»', '[', '(', ' ']);
    let bare = line.trim_end_matches([':', '.', '!', ']', ')', '>', '»', '…', ' ', '→', '›', '|']);
    // A heading such as "Related" in an article about families is lost; that is the price.
    if LINES.binary_search(&bare).is_ok() || STARTS.iter().any(|start| line.starts_with(start)) {
        return true;
    }
    let network = [" on twitter", " on facebook", " on instagram", " on x", " on whatsapp", " on telegram"];
    if line.starts_with("follow ") && network.iter().any(|network| bare.ends_with(network)) {
        return true;
    }
    // Rows of links: "Terms of use | Cookies", "Facebook | WhatsApp | Email".
    let parts: Vec<&str> = line.split(['|', '·', '•']).map(str::trim).filter(|part| !part.is_empty()).collect();
    parts.len() > 1 && parts.iter().filter(|part| LINES.binary_search(part).is_ok()).count() * 2 >= parts.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_in_order() {
        assert!(LINES.is_sorted());
    }

    #[test]
    fn knows_leftovers_and_leaves_prose() {
        let yes = [
            "Media playback is unsupported on your device",
            "Share this with",
            "Share this with Facebook | WhatsApp | Email",
            "Read more:",
            "READ MORE: Ferry sinks off Zanzibar",
            "Advertisement",
            "ADVERTISEMENT",
            "Sign up for our newsletter",
            "Accept all cookies",
            "We use cookies to improve your experience.",
            "Around the BBC | Terms of use | Cookies",
            "Follow Ann on Twitter",
            "Share this page: e-mail | print",
            "© 2021 Harbour Times. All rights reserved.",
        ];
        for line in yes {
            assert!(is_boilerplate(line), "{line}");
        }
        let no = [
            "Share prices fell on Monday.",
            "Advertisement spending rose by a tenth.",
            "Cookies are baked in Utrecht.",
            "He signed up for the army in 1939.",
            "Readers more often complained.",
            "Shares | Bonds",
        ];
        for line in no {
            assert!(!is_boilerplate(line), "{line}");
        }
    }
}
