using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Verb.Actors.Connections;
using Verb.Contracts;
using Verb.Gateway.Auth;
using Verb.Gateway.Handshake;
using Verb.Gateway.Hosting;
using Verb.Gateway.Limits;
using Verb.Gateway.Settings;
using Verb.TestKit.Hosting;

namespace Verb.Gateway.Tests.Hosting;

public sealed class EmbeddedHubTests
{
    private static readonly StorageOptions Memory = new() { Kind = StorageKind.Memory };

    [Fact]
    public async Task The_hosts_routes_stand_beside_any_number_of_socket_routes_and_other_paths_are_not_found()
    {
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions
        {
            Routes = app =>
            {
                app.MapGet("/", () => Results.Content("<h1>Hello</h1>", "text/html"));
                app.MapVerb("/ws/chat", route => route with { Headers = new Dictionary<string, string> { ["X-WebSocket-Server"] = "Verb" } });
                app.MapVerb("/ws/notifications", route => route with { Subprotocols = ["notification"] });
            },
        });
        await using var chat = await host.ConnectAsync("/ws/chat");
        chat.ResponseHeaders["X-WebSocket-Server"].ShouldBe("Verb");
        await using var notifications = await host.ConnectAsync("/ws/notifications", new SocketClientOptions { Subprotocols = ["chat", "notification"] });
        notifications.Subprotocol.ShouldBe("notification");
        (await Should.ThrowAsync<HandshakeRefusedException>(() => host.ConnectAsync("/ws/other"))).Status.ShouldBe(404);

        using var http = new HttpClient { BaseAddress = host.Address };
        (await http.GetStringAsync(new Uri("/", UriKind.Relative))).ShouldBe("<h1>Hello</h1>");
        (await http.GetAsync(new Uri("/ws/chat", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_socket_route_may_answer_a_plain_request_with_a_page()
    {
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions
        {
            Routes = app => app.MapVerb("/chat", route => route with { OnPlainRequest = http => http.Response.WriteAsync("the page") }),
        });
        using var http = new HttpClient { BaseAddress = host.Address };
        (await http.GetStringAsync(new Uri("/chat", UriKind.Relative))).ShouldBe("the page");
        await using var client = await host.ConnectAsync("/chat");
        await client.ExpectAsync("connected");
    }

    [Fact]
    public async Task A_verifier_may_wait_before_it_refuses_with_status_reason_and_headers()
    {
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions
        {
            Routes = app => app.MapVerb("/ws", route => route with
            {
                Verify = async context =>
                {
                    await Task.Yield();
                    return context.Http.Request.Query.ContainsKey("invited")
                        ? HandshakeResult.Accept
                        : HandshakeResult.Refuse(403, "By invitation", new Dictionary<string, string> { ["X-Reason"] = "list" });
                },
            }),
        });
        var refused = await Should.ThrowAsync<HandshakeRefusedException>(() => host.ConnectAsync());
        refused.Status.ShouldBe(403);
        refused.Headers["X-Reason"].ShouldBe("list");
        refused.Body.ShouldContain("By invitation");
        await using var client = await host.ConnectAsync("/ws?invited");
        await client.ExpectAsync("connected");
    }

    [Fact]
    public async Task A_node_without_room_says_so_and_closes_with_1013()
    {
        var options = new VerbOptions { Storage = Memory, Limits = new LimitOptions { Connections = 1 } };
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions { Hub = options });
        await using var first = await host.ConnectAsync();
        await first.ExpectAsync("connected");
        await using var second = await host.ConnectAsync();
        (await second.ExpectAsync("error")).GetProperty("code").GetString().ShouldBe("OVERLOADED");
        (await second.ExpectCloseAsync()).ShouldBe(CloseReason.AtCapacity);
    }

    [Fact]
    public async Task Where_the_web_server_itself_has_no_room_the_handshake_is_refused_with_503_and_counted()
    {
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions
        {
            Services = services => services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxConcurrentUpgradedConnections = 1),
        });
        await using var first = await host.ConnectAsync();
        await first.ExpectAsync("connected");
        var refused = await Should.ThrowAsync<HandshakeRefusedException>(() => host.ConnectAsync());
        refused.Status.ShouldBe(503);
        refused.Headers["Retry-After"].ShouldBe("1");
        refused.Headers.Keys.ShouldNotContain("Sec-WebSocket-Accept");
        refused.Body.ShouldContain("no room");
        var gate = host.Services.GetRequiredService<CapacityGate>();
        (gate.Active, gate.Accepted, gate.Rejected).ShouldBe((1, 1, 1));
    }

    [Fact]
    public async Task The_host_says_where_it_listens_and_when_it_does_and_takes_a_backlog()
    {
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions
        {
            Services = services => services.Configure<SocketTransportOptions>(sockets => sockets.Backlog = 511),
        });
        host.Address.Host.ShouldBe("127.0.0.1");
        host.Address.Port.ShouldBeGreaterThan(0);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.IsCancellationRequested.ShouldBeTrue();
        await using var client = await host.ConnectAsync();
        await client.ExpectAsync("connected");
    }

    [Fact]
    public async Task A_store_that_is_full_of_files_says_so_and_asks_nobody_to_try_again()
    {
        var options = new VerbOptions { Storage = Memory, Uploads = new UploadOptions { MaxFiles = 1 } };
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions { Hub = options });
        await using var client = await host.ConnectAsync();
        byte[] file = [1, 42];
        await client.SendAsync(file);
        await client.ExpectAsync("file_uploaded");
        await client.SendAsync(file);
        ShouldBeFull(await client.ExpectAsync("error"));
        ShouldBeFull((await client.AskAsync("""{"type":"file_start","name":"a","size":0,"mimeType":"text/plain"}""")).GetProperty("error"));

        static void ShouldBeFull(JsonElement error)
        {
            error.GetProperty("code").GetString().ShouldBe("OVERLOADED");
            error.TryGetProperty("retryAfter", out _).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task The_hosts_request_timeouts_and_request_times_leave_connections_alone()
    {
        var (isTimed, isMeasured) = (true, true);
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions
        {
            Services = services => services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy { Timeout = TimeSpan.FromHours(1) }),
            Routes = app =>
            {
                app.UseRequestTimeouts();
                app.MapGet("/slow", http => http.Response.WriteAsync($"{http.Features.Get<IHttpRequestTimeoutFeature>() is not null}"));
                app.MapVerb("/ws", route => route with
                {
                    Verify = HandshakeVerifiers.Sync(context =>
                    {
                        isTimed = context.Http.Features.Get<IHttpRequestTimeoutFeature>() is not null;
                        isMeasured = context.Http.GetEndpoint()!.Metadata.GetMetadata<IDisableHttpMetricsMetadata>() is null;
                        return HandshakeResult.Accept;
                    }),
                });
            },
        });
        using var http = new HttpClient { BaseAddress = host.Address };
        (await http.GetStringAsync(new Uri("/slow", UriKind.Relative))).ShouldBe("True");
        await using var client = await host.ConnectAsync();
        await client.ExpectAsync("connected");
        (isTimed, isMeasured).ShouldBe((false, false));
    }

    [Fact]
    public async Task However_the_host_spells_its_json_a_refusal_is_spelt_as_the_protocol_says()
    {
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions
        {
            Services = services => services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = null),
        });
        var foreign = new SocketClientOptions { Headers = new Dictionary<string, string> { ["Origin"] = "http://evil.example" } };
        (await Should.ThrowAsync<HandshakeRefusedException>(() => host.ConnectAsync("/ws", foreign))).Body.ShouldBe("""{"error":"Forbidden origin"}""");
    }

    [Theory]
    [InlineData("/hub", "")]
    [InlineData("/apps/", "/hub/")]
    public async Task The_http_api_stands_below_a_path_of_the_hosts_choice_beside_its_own_health_and_links_lead_there(string outer, string inner)
    {
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions
        {
            Routes = app =>
            {
                app.MapGet("/health", () => "the host's own");
                app.MapVerb();
                var api = inner.Length == 0 ? app.MapVerbApi(outer) : app.MapGroup(outer).MapVerbApi(inner);
                api.WithMetadata("the host's convention");
            },
        });
        var prefix = (outer.TrimEnd('/') + inner).TrimEnd('/');
        using var http = new HttpClient { BaseAddress = host.Address };
        (await http.GetStringAsync(new Uri("/health", UriKind.Relative))).ShouldBe("the host's own");
        (await http.GetStringAsync(new Uri(prefix + "/health", UriKind.Relative))).ShouldBe("OK");
        (await http.GetAsync(new Uri("/metrics", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        host.Services.GetRequiredService<EndpointDataSource>().Endpoints.Count(endpoint => endpoint.Metadata.GetMetadata<string>() is not null)
            .ShouldBeGreaterThan(10);

        await using var client = await host.ConnectAsync();
        byte[] file = [1, 42];
        await client.SendAsync(file);
        var url = (await client.ExpectAsync("file_uploaded")).GetProperty("url").GetString()!;
        url.ShouldStartWith(prefix + "/files/", Case.Sensitive);
        (await http.GetByteArrayAsync(new Uri(url, UriKind.Relative))).ShouldBe([42]);
    }

    [Theory]
    [InlineData("", "/files/")]
    [InlineData("/hub", "/hub/files/")]
    [InlineData("/hub/", "/hub/files/")]
    [InlineData("/apps/a chat", "/apps/a%20chat/files/")]
    [InlineData("//evil.example", "/evil.example/files/")]
    [InlineData("/\\evil.example", "/%5Cevil.example/files/")]
    public async Task Links_to_files_begin_with_the_path_base_of_the_handshake_and_never_lead_to_another_host(string pathBase, string beginning)
    {
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions
        {
            Routes = app =>
            {
                app.Use((http, next) =>
                {
                    http.Request.PathBase = new PathString(pathBase);
                    return next(http);
                });
                app.MapVerb();
                app.MapVerbApi();
            },
        });

        await using var client = await host.ConnectAsync();
        byte[] file = [1, 42];
        await client.SendAsync(file);
        (await client.ExpectAsync("file_uploaded")).GetProperty("url").GetString()!.ShouldStartWith(beginning, Case.Sensitive);
    }

    [Fact]
    public async Task A_prefix_with_parameters_is_refused_when_it_is_mapped() =>
        await Should.ThrowAsync<ArgumentException>(() => VerbTestHost.StartAsync(new VerbTestHostOptions { Routes = app => app.MapVerbApi("/{tenant}") }));

    [Fact]
    public async Task A_host_that_does_not_start_leaves_nothing_behind()
    {
        var folder = "";
        var service = new Ended();
        await Should.ThrowAsync<InvalidOperationException>(() => VerbTestHost.StartAsync(new VerbTestHostOptions
        {
            Services = services => services.AddSingleton(_ => service),
            Routes = app =>
            {
                app.Services.GetRequiredService<Ended>();
                app.MapVerb();
                folder = Path.GetDirectoryName(app.Services.GetRequiredService<VerbOptions>().Storage.Path)!;
                Directory.Exists(folder).ShouldBeTrue();
                throw new InvalidOperationException("boom");
            },
        }));
        Directory.Exists(folder).ShouldBeFalse();
        service.HasEnded.ShouldBeTrue();
    }

    [Fact]
    public async Task A_client_whose_bytes_are_not_taken_fails_at_its_deadline()
    {
        var goOn = new TaskCompletionSource();
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions
        {
            Routes = app => app.MapVerb("/ws", route => route with { Events = new ConnectionEvents { OnOpen = async _ => await goOn.Task } }),
        });
        await using var client = await host.ConnectAsync("/ws", new SocketClientOptions { Deadline = TimeSpan.FromMilliseconds(200) });
        var sending = client.SendRawAsync(new byte[64 << 20]).AsTask();
        (await Task.WhenAny(sending, Task.Delay(TimeSpan.FromSeconds(20)))).ShouldBe(sending);
        (await Should.ThrowAsync<TimeoutException>(sending)).Message.ShouldContain("were not taken within 00:00:00.2");
        goOn.SetResult();
    }

    [Fact]
    public async Task A_route_that_could_let_nobody_in_is_refused_when_it_is_mapped()
    {
        var refused = await Should.ThrowAsync<VerbSettingsException>(() => VerbTestHost.StartAsync(new VerbTestHostOptions
        {
            Routes = app => app.MapVerb("/staff", route => route with { Mode = AuthMode.Required }),
        }));
        refused.Key.ShouldBe("Verb:Auth:Mode");
    }

    [Fact]
    public async Task Without_an_authentication_timeout_a_connection_waits_for_its_token_for_ever()
    {
        var auth = new AuthOptions { Mode = AuthMode.Required, Secret = new string('s', 32), Timeout = TimeSpan.Zero };
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions { Hub = new VerbOptions { Storage = Memory, Auth = auth } });
        await using var client = await host.ConnectAsync();
        (await client.ExpectAsync("auth_required")).GetProperty("timeout").GetInt64().ShouldBe(0);
        for (var i = 0; i < 3; i++)
            (await client.AskAsync("""{"type":"ping"}""")).GetProperty("error").GetProperty("code").GetString().ShouldBe("AUTH_REQUIRED");
    }

    [Fact]
    public async Task Stopping_closes_every_connection_with_1001_and_a_second_stop_is_no_mistake()
    {
        var options = new VerbOptions { Storage = Memory, Drain = new DrainOptions { Grace = TimeSpan.Zero } };
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions { Hub = options });
        await using var client = await host.ConnectAsync();
        await client.ExpectAsync("connected");
        var stopping = host.StopAsync();
        await client.ExpectAsync("server_shutdown");
        (await client.ExpectCloseAsync()).ShouldBe(CloseReason.ServerShutdown);
        await stopping;
        await host.StopAsync();
    }

    [Fact]
    public async Task A_node_that_drains_on_request_goes_on_without_clients_until_it_is_stopped()
    {
        var options = new VerbOptions { Storage = Memory, ApiKey = "key", Drain = new DrainOptions { Grace = TimeSpan.Zero } };
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions { Hub = options });
        await using var client = await host.ConnectAsync();
        await client.ExpectAsync("connected");
        using var http = new HttpClient { BaseAddress = host.Address };
        http.DefaultRequestHeaders.Add("X-Api-Key", "key");

        var answer = await http.PostAsync(new Uri("/api/drain", UriKind.Relative), null);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldStartWith("""{"success":true,"data":{"draining":true,"connections":""");
        await client.ExpectAsync("server_shutdown");
        (await client.ExpectCloseAsync()).ShouldBe(CloseReason.ServerShutdown);
        var refused = await Should.ThrowAsync<HandshakeRefusedException>(() => host.ConnectAsync());
        refused.Status.ShouldBe(503);
        refused.Headers["Retry-After"].ShouldBe("1");
        (await http.PostAsync(new Uri("/api/drain", UriKind.Relative), null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await http.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await http.GetAsync(new Uri("/health/live", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.Hub.PublishAsync(new RoomId("lobby"), "1"u8.ToArray())).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task A_handshake_under_way_when_the_drain_begins_leads_to_no_connection_that_stays()
    {
        var verifying = new TaskCompletionSource();
        var opening = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions
        {
            Routes = app =>
            {
                app.MapVerbApi();
                app.MapVerb("/verified", route => route with { Verify = async _ => await WaitIn(verifying, HandshakeResult.Accept) });
                app.MapVerb("/opened", route => route with { Events = new ConnectionEvents { OnOpen = async _ => await WaitIn(opening, true) } });
            },
        });
        var refused = host.ConnectAsync("/verified");
        await using var closed = await host.ConnectAsync("/opened");
        await Task.WhenAll(verifying.Task, opening.Task);
        await host.Services.GetRequiredService<Drain>().Run(CancellationToken.None);
        goOn.SetResult();

        (await Should.ThrowAsync<HandshakeRefusedException>(() => refused)).Status.ShouldBe(503);
        (await closed.ExpectCloseAsync()).ShouldBe(CloseReason.ServerShutdown);

        async ValueTask<T> WaitIn<T>(TaskCompletionSource reached, T result)
        {
            reached.SetResult();
            await goOn.Task;
            return result;
        }
    }

    private sealed class Ended : IDisposable
    {
        public bool HasEnded { get; private set; }

        public void Dispose() => HasEnded = true;
    }
}
