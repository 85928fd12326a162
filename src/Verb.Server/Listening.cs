using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Verb.Gateway.Settings;

namespace Verb.Server;

/// <summary>Where the server listens: <c>urls</c>, or the endpoints of Kestrel's own settings.</summary>
internal static class Listening
{
    private const string Default = "http://localhost:3000";

    private const string Allowed = "must be addresses such as http://localhost:3000 or https://*:443, separated by semicolons";

    public static void ListenWhereConfigured(this WebApplicationBuilder builder)
    {
        var kestrel = builder.Configuration.GetSection("Kestrel");
        builder.Services.Configure<KestrelServerOptions>(kestrel);
        if (builder.Configuration["urls"] is { } urls)
            Check(urls);
        else if (!kestrel.GetSection("Endpoints").Exists())
            builder.WebHost.UseUrls(Default);

        // A server that cannot listen says so in one line, not in a log entry with a stack trace besides.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
    }

    /// <summary>Whether the web server did not start because of its settings or of its surroundings.</summary>
    public static bool IsMistake(Exception failure) =>
        failure is IOException or SocketException or InvalidOperationException or FormatException or CryptographicException
            or UnauthorizedAccessException;

    /// <exception cref="VerbSettingsException">One of the addresses is none.</exception>
    private static void Check(string urls)
    {
        foreach (var url in urls.Split(';'))
        {
            if (!IsAddress(url))
                throw new VerbSettingsException("urls", url, Allowed);
        }
    }

    private static bool IsAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url.Trim());
            return address.Scheme is "http" or "https" && address.Port is >= 0 and <= 65_535;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
