using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Verb.Actors.Connections;
using Verb.Gateway.Auth;
using Verb.Gateway.Handshake;
using Verb.Gateway.Limits;
using Verb.Gateway.Settings;
using Verb.Gateway.Tests.Auth;
using Verb.Gateway.WebSockets.Handshake;
using Verb.TestKit.Time;

namespace Verb.Gateway.Tests.Handshake;

public sealed class HandshakeDeskTests
{
    private readonly ManualClock _clock = new();
    private readonly DefaultHttpContext _http = new();
    private readonly ListLogger _log = new();

    public HandshakeDeskTests()
    {
        _http.Request.Scheme = "http";
        _http.Request.Host = new HostString("hub.example:3000");
        _http.Request.Path = "/ws";
        _http.Connection.RemoteIpAddress = IPAddress.Loopback;
    }

    [Fact]
    public async Task A_plain_handshake_is_accepted_as_an_anonymous_client_without_a_subprotocol()
    {
        var accepted = await Accepted(new VerbRouteOptions());

        accepted.Auth.ShouldBeOfType<AuthOutcome.Known>().Identity.User.Id.Value.ShouldBe(accepted.Client.ClientId);
        accepted.Connection.ClientId.ShouldBe(accepted.Client.ClientId);
        accepted.Connection.RemoteAddress.ShouldBe(IPAddress.Loopback);
        accepted.Connection.ConnectedAt.ShouldBe(_clock.GetUtcNow());
        accepted.Subprotocol.ShouldBeNull();
        accepted.Headers.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_session_of_one_handshake_keeps_the_client_of_the_next()
    {
        var first = await Accepted(new VerbRouteOptions());
        _http.Request.QueryString = new QueryString("?session=" + first.Client.Session);

        var next = await Accepted(new VerbRouteOptions());

        next.Client.ClientId.ShouldBe(first.Client.ClientId);
        next.Connection.Query.ShouldBe("");
    }

    [Fact]
    public async Task A_foreign_origin_is_refused_with_403()
    {
        _http.Request.Headers.Origin = "http://evil.example";
        (await Refused(new VerbRouteOptions())).ShouldBe((403, "Forbidden origin"));

        var route = new VerbRouteOptions { Socket = new SocketOptions { AllowedOrigins = ["http://evil.example"] } };
        (await Accepted(route)).Connection.Origin.ShouldBe("http://evil.example");
    }

    [Fact]
    public async Task A_refused_page_is_told_with_the_setting_that_would_let_it_in_at_most_every_ten_seconds()
    {
        var desk = Desk();
        _http.Request.Headers.Origin = "https://shop.example";
        await desk.Decide(_http, new VerbRouteOptions());
        await desk.Decide(_http, new VerbRouteOptions());
        Warnings().ShouldHaveSingleItem().ShouldBe(
            "Warning A page of https://shop.example was refused on /ws: it is neither of the hub's own address, as the hub is addressed, nor in Verb:Socket:AllowedOrigins.");

        _clock.Advance(TimeSpan.FromSeconds(10));
        _http.Request.Headers.Origin = "a\u001b[31m\u202e" + new string('x', 5_000);
        await desk.Decide(_http, new VerbRouteOptions());
        Warnings()[1].ShouldStartWith("Warning A page of a?[31m?xxx");
        Warnings()[1].Length.ShouldBeLessThan(300);

        string[] Warnings() => [.. _log.Lines.Where(line => line.StartsWith("Warning", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task Every_refusal_has_its_cause()
    {
        (await Cause(new VerbRouteOptions { Mode = AuthMode.Handshake })).ShouldBe(RefusalCause.Token);
        (await Cause(new VerbRouteOptions { Verify = HandshakeVerifiers.Sync(_ => HandshakeResult.Refuse(403)) })).ShouldBe(RefusalCause.Verifier);
        (await Cause(new VerbRouteOptions { Verify = _ => throw new InvalidOperationException("boom") })).ShouldBe(RefusalCause.Error);
        (await Cause(new VerbRouteOptions { SelectSubprotocol = _ => SubprotocolChoice.Refuse })).ShouldBe(RefusalCause.Subprotocol);
        _http.Request.Headers.SecWebSocketProtocol = "a b";
        (await Cause(new VerbRouteOptions())).ShouldBe(RefusalCause.Subprotocol);
        _http.Request.Headers.Origin = "http://evil.example";
        (await Cause(new VerbRouteOptions())).ShouldBe(RefusalCause.Origin);
        var desk = Desk(handshakesPerSecond: 1);
        await desk.Decide(_http, new VerbRouteOptions());
        (await desk.Decide(_http, new VerbRouteOptions())).ShouldBeOfType<HandshakeDecision.Refused>().Cause.ShouldBe(RefusalCause.HandshakeRate);

        async Task<RefusalCause> Cause(VerbRouteOptions route) =>
            (await Desk().Decide(_http, route)).ShouldBeOfType<HandshakeDecision.Refused>().Cause;
    }

    [Fact]
    public async Task Too_many_handshakes_are_refused_with_503_and_retry_after()
    {
        var desk = Desk(handshakesPerSecond: 1);
        (await desk.Decide(_http, new VerbRouteOptions())).ShouldBeOfType<HandshakeDecision.Accepted>();

        var refused = (await desk.Decide(_http, new VerbRouteOptions())).ShouldBeOfType<HandshakeDecision.Refused>();

        refused.Answer.Status.ShouldBe(503);
        refused.Answer.Headers["Retry-After"].ShouldBe("1");
    }

    [Fact]
    public async Task A_route_that_demands_a_token_with_the_handshake_answers_401()
    {
        var route = new VerbRouteOptions { Mode = AuthMode.Handshake };
        (await Refused(route)).ShouldBe((401, "Authentication required"));

        _http.Request.Headers.Authorization = "Bearer nonsense";
        var refused = (await Desk().Decide(_http, route)).ShouldBeOfType<HandshakeDecision.Refused>();
        refused.Answer.Status.ShouldBe(401);
        refused.Answer.Headers["WWW-Authenticate"].ShouldBe("Bearer");

        _http.Request.Headers.Authorization = "Bearer " + TestTokens.Hs256(new { sub = "ada" });
        (await Accepted(route)).Auth.ShouldBeOfType<AuthOutcome.Known>().Identity.User.Id.Value.ShouldBe("ada");
    }

    [Fact]
    public async Task The_routes_first_subprotocol_that_is_offered_is_selected_and_never_a_secret()
    {
        var route = new VerbRouteOptions { Subprotocols = ["chat-v2", "chat-v1", "echo"] };
        _http.Request.Headers.SecWebSocketProtocol = "bearer.a.b.c, echo, session.x, chat-v1";
        (await Accepted(route)).Subprotocol.ShouldBe("chat-v1");

        _http.Request.Headers.SecWebSocketProtocol = "bearer.a.b.c";
        (await Accepted(route)).Subprotocol.ShouldBeNull();

        _http.Request.Headers.SecWebSocketProtocol = "unknown";
        (await Accepted(route)).Subprotocol.ShouldBeNull();

        _http.Request.Headers.SecWebSocketProtocol = "verb.v1, bearer.a.b.c";
        (await Accepted(new VerbRouteOptions())).Subprotocol.ShouldBe("verb.v1");
    }

    [Fact]
    public async Task A_malformed_subprotocol_is_refused_with_400()
    {
        _http.Request.Headers.SecWebSocketProtocol = "a b";
        (await Refused(new VerbRouteOptions())).Status.ShouldBe(400);
    }

    [Fact]
    public async Task A_selector_picks_gives_none_or_refuses_and_sees_no_secret()
    {
        IReadOnlyList<string> seen = [];
        _http.Request.Headers.SecWebSocketProtocol = "b, bearer.x, a";
        var route = new VerbRouteOptions { SelectSubprotocol = context => SubprotocolChoice.Select((seen = context.OfferedSubprotocols)[^1]) };
        (await Accepted(route)).Subprotocol.ShouldBe("a");
        seen.ShouldBe(["b", "a"]);

        (await Accepted(route with { SelectSubprotocol = _ => SubprotocolChoice.None })).Subprotocol.ShouldBeNull();
        (await Refused(route with { SelectSubprotocol = _ => SubprotocolChoice.Refuse })).Status.ShouldBe(400);
        (await Refused(route with { SelectSubprotocol = _ => SubprotocolChoice.Select("bearer.x") })).ShouldBe((500, "Internal Server Error"));
        (await Refused(route with { SelectSubprotocol = _ => SubprotocolChoice.Select("c") })).Status.ShouldBe(500);
    }

    [Fact]
    public async Task A_verifier_sees_the_handshake_and_may_refuse_it_with_status_reason_and_headers()
    {
        _http.Request.QueryString = new QueryString("?room=a&token=" + TestTokens.Hs256(new { sub = "ada" }));
        _http.Request.Headers.Origin = "http://hub.example:3000";
        _http.Request.Headers.UserAgent = "browser";
        HandshakeContext? seen = null;
        var route = new VerbRouteOptions
        {
            Mode = AuthMode.Optional,
            Verify = context =>
            {
                seen = context;
                return ValueTask.FromResult(HandshakeResult.Refuse(402, "Pay first", new Dictionary<string, string> { ["X-Price"] = "5" }));
            },
        };

        var refused = (await Desk().Decide(_http, route)).ShouldBeOfType<HandshakeDecision.Refused>();

        (refused.Answer.Status, refused.Answer.Error, refused.Answer.Headers["X-Price"]).ShouldBe((402, "Pay first", "5"));
        seen.ShouldNotBeNull();
        seen.Identity!.User.Id.Value.ShouldBe("ada");
        seen.Origin.ShouldBe("http://hub.example:3000");
        seen.IsSecure.ShouldBeFalse();
        seen.Connection.UserAgent.ShouldBe("browser");
        seen.Connection.Query.ShouldBe("?room=a");
        HandshakeResult.Refuse(401).Reason.ShouldBe("Unauthorized");
    }

    [Fact]
    public async Task A_verifier_may_be_sync_or_async_and_accept()
    {
        (await Accepted(new VerbRouteOptions { Verify = HandshakeVerifiers.Sync(_ => HandshakeResult.Accept) })).ShouldNotBeNull();
        var route = new VerbRouteOptions
        {
            Verify = async _ =>
            {
                await Task.Yield();
                return HandshakeResult.Accept;
            },
        };
        (await Accepted(route)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Whatever_throws_is_answered_with_500_and_logged_without_the_token()
    {
        _http.Request.QueryString = new QueryString("?token=hunter2");
        VerbRouteOptions[] routes =
        [
            new() { Verify = _ => throw new InvalidOperationException("boom") },
            new() { Verify = _ => ValueTask.FromException<HandshakeResult>(new InvalidOperationException("boom")) },
            new() { Verify = HandshakeVerifiers.Sync(_ => null!) },
            new() { SelectSubprotocol = _ => throw new InvalidOperationException("boom") },
            new() { OnHeaders = (_, _) => throw new InvalidOperationException("boom") },
            new() { OnHeaders = (_, headers) => headers["X-A"] = "a\r\nSet-Cookie: b" },
            new() { OnHeaders = (_, headers) => headers["Upgrade"] = "h2c" },
        ];

        foreach (var route in routes)
            (await Refused(route)).ShouldBe((500, "Internal Server Error"));

        _log.Lines.Count(line => line.StartsWith("Error", StringComparison.Ordinal)).ShouldBe(routes.Length);
        _log.Lines.ShouldAllBe(line => !line.Contains("hunter2"));
    }

    [Fact]
    public async Task A_token_verifier_that_throws_is_answered_with_500()
    {
        _http.Request.QueryString = new QueryString("?token=hunter2");
        var desk = Desk(verifier: new ThrowingVerifier());

        (await desk.Decide(_http, new VerbRouteOptions { Mode = AuthMode.Required })).ShouldBeOfType<HandshakeDecision.Refused>().Answer.Status.ShouldBe(500);
    }

    [Fact]
    public async Task A_client_that_left_meanwhile_is_no_error()
    {
        using var gone = new CancellationTokenSource();
        _http.RequestAborted = gone.Token;
        var route = new VerbRouteOptions
        {
            Verify = context =>
            {
                gone.Cancel();
                context.Cancellation.ThrowIfCancellationRequested();
                return ValueTask.FromResult(HandshakeResult.Accept);
            },
        };

        await Should.ThrowAsync<OperationCanceledException>(async () => await Desk().Decide(_http, route));
        _log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task Response_headers_are_the_routes_changed_by_its_callback()
    {
        var route = new VerbRouteOptions
        {
            Headers = new Dictionary<string, string> { ["X-WebSocket-Server"] = "Verb", ["X-B"] = "1" },
            OnHeaders = (context, headers) =>
            {
                headers["x-b"] = context.Connection.ClientId;
                headers["X-C"] = "3";
            },
        };

        var accepted = await Accepted(route);

        accepted.Headers.OrderBy(h => h.Key).Select(h => $"{h.Key}={h.Value}")
            .ShouldBe(["X-B=" + accepted.Client.ClientId, "X-C=3", "X-WebSocket-Server=Verb"]);
        route.Headers["X-B"].ShouldBe("1");
    }

    [Fact]
    public async Task Headers_are_kept_for_callbacks_only_and_without_secrets()
    {
        _http.Request.Headers["X-Custom"] = "1";
        _http.Request.Headers.Cookie = "hunter2";
        _http.Request.Headers.Authorization = "Bearer hunter2";
        _http.Request.Headers.SecWebSocketProtocol = "bearer.hunter2";
        (await Accepted(new VerbRouteOptions())).Connection.Headers.ShouldBeEmpty();

        var connection = (await Accepted(new VerbRouteOptions { Events = new ConnectionEvents { OnOpen = _ => default } })).Connection;

        connection.Headers["x-custom"].ShouldBe("1");
        connection.Headers.Values.ShouldAllBe(value => !value.Contains("hunter2"));
        connection.Items["state"] = 1;
        connection.Items["state"].ShouldBe(1);
    }

    [Fact]
    public void A_route_begins_with_a_copy_of_the_hubs_options()
    {
        var options = new VerbOptions { Auth = new AuthOptions { Mode = AuthMode.Required }, Limits = new LimitOptions { Burst = 3 } };

        var route = VerbRouteOptions.From(options);

        route.Mode.ShouldBe(AuthMode.Required);
        route.Limits.Burst.ShouldBe(3);
        (route with { Limits = route.Limits with { Burst = 4 } }).Limits.Burst.ShouldBe(4);
        options.Limits.Burst.ShouldBe(3);
    }

    [Fact]
    public async Task A_refusal_is_written_as_status_headers_and_json()
    {
        using var body = new MemoryStream();
        _http.Response.Body = body;

        await new HandshakeRefusal(403, "No \"entry\"") { Headers = new Dictionary<string, string> { ["X-A"] = "1" } }.WriteAsync(_http);

        _http.Response.StatusCode.ShouldBe(403);
        _http.Response.Headers["X-A"].ToString().ShouldBe("1");
        System.Text.Json.JsonDocument.Parse(body.ToArray()).RootElement.GetProperty("error").GetString().ShouldBe("No \"entry\"");
    }

    private async Task<HandshakeDecision.Accepted> Accepted(VerbRouteOptions route) =>
        (await Desk().Decide(_http, route)).ShouldBeOfType<HandshakeDecision.Accepted>();

    private async Task<(int Status, string Error)> Refused(VerbRouteOptions route)
    {
        var refused = (await Desk().Decide(_http, route)).ShouldBeOfType<HandshakeDecision.Refused>();
        return (refused.Answer.Status, refused.Answer.Error);
    }

    private HandshakeDesk Desk(int handshakesPerSecond = 0, ITokenVerifier? verifier = null) => new(
        new HandshakeRate(handshakesPerSecond, _clock, new Random(1)),
        new ClientIdentities(new SessionTokens(new byte[32], _clock), new Random(1).NextBytes),
        verifier ?? new JwtVerifier(new AuthOptions { Secret = TestTokens.Secret }, _clock),
        _clock,
        _log);

    private sealed class ThrowingVerifier : ITokenVerifier
    {
        public ValueTask<TokenResult> Verify(string token, CancellationToken cancellation) => throw new InvalidOperationException("boom");
    }

    private sealed class ListLogger : ILogger<HandshakeDesk>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => NullLogger.Instance.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel} {formatter(state, exception)}");
    }
}
