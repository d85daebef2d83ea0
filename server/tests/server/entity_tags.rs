use std::fs;

use axum::body::Body;
use axum::http::{Request, header};

use crate::pages::{fixture, header_of};

#[tokio::test]
async fn a_changed_file_is_sent_whatever_its_time() {
    let (fixture, files) = fixture().await;
    let browser = fixture.browser();
    let write = |name: &str, text: &str| {
        let path = files.path().join("app").join(name);
        fs::write(&path, text).unwrap();
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1);
        fs::File::options().append(true).open(path).unwrap().set_modified(time).unwrap();
    };
    for (name, paths) in [("index.html", &["/", "/unlock", "/index.html"][..]), ("sw.js", &["/sw.js"])] {
        for path in paths {
            write(name, "first one");
            let first = browser.get(path).await;
            let tag = header_of(&first, "etag").to_owned();
            let again = |tag: &str| {
                let request = Request::get(*path)
                    .header(header::IF_NONE_MATCH, tag)
                    .header(header::IF_MODIFIED_SINCE, "Thu, 01 Jan 1970 00:00:01 GMT");
                browser.send_request(request, Body::empty())
            };
            for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
                let same = again(&known).await;
                assert_eq!((same.status, same.body.len()), (304, 0), "{path} {known}");
                assert_eq!(
                    (header_of(&same, "etag"), header_of(&same, "cache-control")),
                    (&*tag, "no-cache")
                );
            }
            write(name, "other one");
            let other = again(&tag).await;
            assert_eq!((other.status, other.body.as_ref()), (200, &b"other one"[..]), "{path}");
            assert_ne!(header_of(&other, "etag"), tag);
            assert_eq!(header_of(&other, "last-modified"), "", "{path}");
            // Nobody gets a piece of one version as if it were a piece of another.
            let request = Request::get(*path).header(header::RANGE, "bytes=0-2");
            let whole = browser.send_request(request, Body::empty()).await;
            assert_eq!((whole.status, whole.body.as_ref()), (200, &b"other one"[..]), "{path}");
            let head = browser.send_request(Request::head(*path), Body::empty()).await;
            assert_eq!((head.status, header_of(&head, "etag")), (200, header_of(&other, "etag")));
        }
    }
}
