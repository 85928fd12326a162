using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Verb.Actors.Files;
using Verb.Contracts;
using Verb.Gateway.Auth;
using Verb.Gateway.Handshake;
using Verb.Gateway.Hosting;
using Verb.Gateway.Http;
using Verb.Gateway.Limits;
using Verb.Gateway.Metrics;
using Verb.Gateway.Requests;
using Verb.Gateway.Settings;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the hub to a host's services.</summary>
public static class VerbServices
{
    /// <summary>The key that signs sessions outlives a restart: it is kept in the store under this name.</summary>
    private const string SessionKey = "session";

    /// <summary>Adds the hub with the options of the configuration section <c>Verb</c>; every key has a default.</summary>
    /// <exception cref="VerbSettingsException">A key is not known or a value is not allowed; one line says which.</exception>
    public static VerbBuilder AddVerb(this IServiceCollection services, IConfiguration configuration) =>
        services.AddVerb(VerbSettings.Read(configuration, hostVerifiesTokens: true));

    /// <summary>Adds the hub with options made in code.</summary>
    /// <exception cref="VerbSettingsException">A value is not allowed; one line says which.</exception>
    public static VerbBuilder AddVerb(this IServiceCollection services, VerbOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        options ??= new VerbOptions();
        var builder = new VerbBuilder(services);
        VerbSettings.Check(options, hostVerifiesTokens: true);

        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ITokenVerifier>(provider => options.Auth is { Secret: null, PublicKeyFile: null }
            ? new NoTokens()
            : new JwtVerifier(options.Auth, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new RequestHandlers(
            builder.Requests,
            new Lazy<IVerbHub>(provider.GetRequiredService<IVerbHub>),
            provider.GetRequiredService<ILogger<RequestHandlers>>()));
        services.AddSingleton<FileLinks>();
        services.AddSingleton<HubHost>();
        services.AddSingleton<IVerbHub>(provider => provider.GetRequiredService<HubHost>().Node);
        services.AddSingleton(provider => provider.GetRequiredService<HubHost>().Stores.Files);
        services.AddSingleton<IVerbNode>(provider => provider.GetRequiredService<HubHost>());
        services.AddSingleton(provider => provider.GetRequiredService<HubHost>().Drain);
        services.AddSingleton(provider => provider.GetRequiredService<HubHost>().Node.Connections);
        services.AddSingleton<ApiAccess>();
        services.AddHostedService(provider =>
        {
            provider.GetRequiredService<HubMetrics>(); // Whoever listens to the meter finds it, whether or not /metrics is mapped.
            return provider.GetRequiredService<HubHost>();
        });
        services.AddSingleton(provider => new CapacityGate(options.Limits.Connections));
        services.AddSingleton(provider => new AddressLimit(options.Limits.ConnectionsPerAddress));
        services.AddSingleton(provider => new HandshakeRate(options.Limits.HandshakesPerSecond, provider.GetRequiredService<TimeProvider>(), Random.Shared));
        services.AddSingleton(Identities);
        services.AddSingleton<HandshakeDesk>();
        services.AddMetrics();
        services.AddCors();
        services.AddSingleton<HubMetrics>();
        services.AddSingleton<PrometheusExporter>();

        // Clients that come back all at once wait their turn: beyond Kestrel's 512 the system would have them knock again after seconds.
        services.Configure<SocketTransportOptions>(sockets => sockets.Backlog = int.MaxValue);
        services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout += Drain.Longest(options.Drain, options.Limits.Connections) + HubHost.LeaveTime;
        });
        return builder;
    }

    private static ClientIdentities Identities(IServiceProvider provider)
    {
        var secrets = provider.GetRequiredService<HubHost>().Stores.Secrets;
        var key = secrets.GetOrCreate(SessionKey, SessionTokens.SecretBytes, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return new ClientIdentities(new SessionTokens(key, provider.GetRequiredService<TimeProvider>()), RandomNumberGenerator.Fill);
    }
}
