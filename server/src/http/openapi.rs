//! The OpenAPI document, made from the table of endpoints. This file adds only names and
//! descriptions.

use axum::Json;
use crystallum_api::{Endpoint, Failure, Id, Method, RequestBody, ResponseBody, Schema};
use utoipa::openapi::path::{HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, Paths};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{
    Components, Content, OpenApi as Description, Ref, RefOr, Required, ResponseBuilder, ResponsesBuilder,
    Schema as OpenApiSchema,
};
use utoipa::{OpenApi, PartialSchema, ToSchema};

/// Handles `GET /api/openapi.json`.
pub(crate) async fn show() -> Json<Description> {
    Json(document())
}

#[derive(OpenApi)]
#[openapi(info(
    title = "Crystallum",
    description = "Stores ciphertext. Every refusal is a Failure with a code. A session is the cookie __Host-crystallum, or crystallum at http://localhost."
))]
struct Document;

fn document() -> Description {
    let mut paths = Paths::new();
    let mut schemas = Vec::new();
    let failure = Schema::of::<Failure>();
    (failure.collect)(&mut schemas);
    for endpoint in Endpoint::ALL {
        let facts = endpoint.facts();
        let (status, success) = match facts.response {
            ResponseBody::Empty => ("204", ResponseBuilder::new()),
            ResponseBody::Json(schema) => {
                (schema.collect)(&mut schemas);
                ("200", ResponseBuilder::new().content(JSON, content(schema)))
            }
            ResponseBody::Events => {
                let text = Content::new(Some(String::schema()));
                ("200", ResponseBuilder::new().content("text/event-stream", text))
            }
            ResponseBody::OpenApi => continue,
        };
        let refusal = ResponseBuilder::new().content(JSON, content(failure));
        let body = match facts.request {
            RequestBody::Empty => None,
            RequestBody::Json { schema, .. } => {
                (schema.collect)(&mut schemas);
                let body = RequestBodyBuilder::new().content(JSON, content(schema));
                Some(body.required(Some(Required::True)).build())
            }
        };
        let method = match facts.method {
            Method::Get => HttpMethod::Get,
            Method::Post => HttpMethod::Post,
        };
        let responses = ResponsesBuilder::new().response(status, success).response("default", refusal);
        let operation = describe(*endpoint).request_body(body).responses(responses.build()).build();
        paths.add_path_operation(facts.path, vec![method], operation);
    }
    let mut document = Document::openapi();
    document.paths = paths;
    let components = document.components.get_or_insert_with(Components::new);
    components.schemas.extend(schemas);
    document
}

const JSON: &str = "application/json";

/// Refers to a schema of the document.
fn content(schema: Schema) -> Content {
    Content::new(Some(RefOr::<OpenApiSchema>::Ref(Ref::from_schema_name((schema.name)()))))
}

/// Starts the description of an endpoint: its name, its text and its parameters.
fn describe(endpoint: Endpoint) -> OperationBuilder {
    let (name, text) = name_and_text(endpoint);
    let mut parameters: Vec<Parameter> = endpoint
        .path()
        .split('/')
        .filter_map(|piece| piece.strip_prefix('{')?.strip_suffix('}'))
        .map(path_parameter)
        .collect();
    match endpoint {
        Endpoint::Delta => parameters.push(query("since", "The last counter that is known.")),
        Endpoint::State => {
            let stage = query("stage", "The stage of the last object that is known, from 1 to 6.");
            let after = query("after", "The id of the last object that is known.");
            let [mut stage, mut after] = [stage, after];
            stage.required = Required::False;
            after.required = Required::False;
            after.schema = Some(id_schema());
            parameters.extend([stage, after]);
        }
        Endpoint::History => parameters.extend([
            query("counter", "The counter of the head."),
            query("of", "The counter of the later head whose history names it."),
        ]),
        _ => {}
    }
    let operation = OperationBuilder::new()
        .tags(Some(Vec::<String>::new()))
        .operation_id(Some(name))
        .description(Some(text));
    if parameters.is_empty() { operation } else { operation.parameters(Some(parameters)) }
}

/// Describes a number in the query.
fn query(name: &str, text: &str) -> Parameter {
    let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Query);
    parameter.required(Required::True).description(Some(text)).schema(Some(u64::schema())).build()
}

fn path_parameter(name: &str) -> Parameter {
    let (text, schema) = match name {
        "version" => ("The version.", u64::schema()),
        "store" => ("The store.", id_schema()),
        "share" => ("The share.", id_schema()),
        _ => ("The record.", id_schema()),
    };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(text))
        .schema(Some(schema))
        .build()
}

fn id_schema() -> RefOr<OpenApiSchema> {
    RefOr::Ref(Ref::from_schema_name(Id::name()))
}

/// Returns an endpoint's name and description in the document.
fn name_and_text(endpoint: Endpoint) -> (&'static str, &'static str) {
    match endpoint {
        Endpoint::Health => ("health", "Whether the server works, and who may sign up."),
        Endpoint::RegisterChallenge => ("register_challenge", "Starts making a passkey."),
        Endpoint::CreateAccount => ("accounts", "Makes an account and opens a session."),
        Endpoint::LoginChallenge => ("login_challenge", "Starts using a passkey."),
        Endpoint::Login => ("login", "Opens a session."),
        Endpoint::Session => ("session", "Whose session it is."),
        Endpoint::Logout => ("logout", "Ends the session."),
        Endpoint::Delta => ("delta", "The commits after a counter, in pages."),
        Endpoint::State => (
            "state",
            "The live objects in pages, by stage and id, for a device that does not know the vault.",
        ),
        Endpoint::History => ("history", "Proves that a head is part of the history of a later one."),
        Endpoint::Hints => (
            "hints",
            "The account's newest counter whenever it changes, as server-sent events. The last one is named ended.",
        ),
        Endpoint::Commit => ("commit", "One write."),
        Endpoint::PutBack => (
            "put_back",
            "Puts back consecutive commits that the server has lost, verified like new ones; all of them or none.",
        ),
        Endpoint::SecretVersion => (
            "secret",
            "The secret of a live record at one version: the newest, or an earlier one that is still kept.",
        ),
        Endpoint::RecoveryChallenge => ("recovery_challenge", "Starts using a recovery code."),
        Endpoint::RecoveryLogin => ("recovery", "Opens a session by a recovery code."),
        Endpoint::VaultChallenge => ("vault_challenge", "Starts using the vault's key."),
        Endpoint::VaultLogin => (
            "vault_login",
            "Opens a session with the vault's key, where the server has lost commits or what signs in with a live method. It reads, puts back and changes sign-in methods, and nothing else.",
        ),
        Endpoint::ChangeSignInMethods => (
            "sign_in_methods",
            "Changes the sign-in methods. Other sessions end when a method is removed or the recovery code replaced.",
        ),
        Endpoint::DeleteAccount => ("delete_account", "Deletes the account with everything of it."),
        Endpoint::Stores => ("stores", "The places that take shares."),
        Endpoint::ShareState => ("share_state", "What a store says of a share."),
        Endpoint::PutShare => {
            ("put_share", "Keeps a share as pending; one that no commit names within a day is deleted.")
        }
        Endpoint::ReadShare => ("read_share", "Hands a share to whoever knows the store's credential."),
        Endpoint::DeleteShare => (
            "delete_share",
            "Deletes a share that the vault does not have, for whoever knows the store's credential.",
        ),
        Endpoint::OpenApi => ("openapi", "This document."),
    }
}
