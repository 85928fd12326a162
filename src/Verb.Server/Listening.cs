using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration.CommandLine;
using Verb.Gateway.Settings;

namespace Verb.Server;

/// <summary>Where the server listens: <c>urls</c>, <c>http_ports</c> and <c>https_ports</c>, or the endpoints of Kestrel's own settings.</summary>
internal static class Listening
{
    public const string Default = "http://localhost:3000";

    public const string Urls = "urls";

    private const string HttpPorts = "http_ports";
    private const string HttpsPorts = "https_ports";

    private static readonly string[] EndpointKeys = ["Url", "Protocols", "SslProtocols", "Certificate", "ClientCertificateMode", "Sni"];

    private const string Hosts = "the host is an IP address, localhost, * or +";

    private const string Allowed = $"must be addresses such as http://localhost:3000 or https://*:443, separated by semicolons; {Hosts}";

    public static void ListenWhereConfigured(this WebApplicationBuilder builder)
    {
        var kestrel = builder.Configuration.GetSection("Kestrel");
        FrameworkSettings.Check(builder.Configuration);
        builder.Services.Configure<KestrelServerOptions>(kestrel);
        var hasEndpoints = CheckEndpoints(kestrel);
        if (Configured(builder.Configuration) is { } addresses)
            builder.WebHost.UseUrls(addresses).UseSetting(HttpPorts, "").UseSetting(HttpsPorts, "");
        else if (!hasEndpoints)
            builder.WebHost.UseUrls(Default);

        // A server that cannot listen says so in one line, not in a log entry with a stack trace besides.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
    }

    /// <summary>
    /// The addresses that the settings name, but for Kestrel's endpoints; null where they name none. The last source that names any holds,
    /// and in one source <c>urls</c> stand before ports, as in ASP.NET Core.
    /// </summary>
    /// <exception cref="VerbSettingsException">One of the addresses or ports is none.</exception>
    internal static string[]? Configured(IConfigurationRoot configuration)
    {
        foreach (var source in configuration.Providers.Reverse())
        {
            var ports = Ports(source, HttpPorts, "http").Concat(Ports(source, HttpsPorts, "https")).ToArray();
            if (Names(source, Urls, out var urls))
            {
                if (ports.Length > 0 && source is CommandLineConfigurationProvider)
                    throw new VerbSettingsException(Urls, urls, "cannot stand beside ports: name either");
                return Checked(urls);
            }

            if (ports.Length > 0)
                return ports;
        }

        return null;
    }

    /// <summary>Whether the web server can listen there, and would listen nowhere else.</summary>
    internal static bool IsAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url.Trim());
            if (address.Scheme.ToUpperInvariant() is not ("HTTP" or "HTTPS") || address.PathBase.Length > 0)
                return false;
            return address.IsUnixPipe || (address.IsNamedPipe ? OperatingSystem.IsWindows() : IsHost(address.Host) && IsPort(address));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>Kestrel takes every other name for all addresses of the machine.</summary>
    private static bool IsHost(string host) =>
        host is "*" or "+" || IPAddress.TryParse(host, out _) || IsLocal(host);

    /// <summary>localhost is two addresses, and the system would give each another free port.</summary>
    private static bool IsPort(BindingAddress address) => address.Port <= 65_535 && address.Port >= (IsLocal(address.Host) ? 1 : 0);

    private static bool IsLocal(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private static string[] Checked(string urls)
    {
        var addresses = urls.Split(';', StringSplitOptions.TrimEntries);
        return Array.Find(addresses, address => !IsAddress(address)) is { } wrong ? throw new VerbSettingsException(Urls, wrong, Allowed) : addresses;
    }

    /// <summary>An empty variable of the environment is one that is not set; an empty argument is a mistake.</summary>
    private static bool Names(IConfigurationProvider source, string key, out string value)
    {
        value = source.TryGet(key, out var text) && text is not null ? text : "";
        return value.Length > 0 || (text is not null && source is CommandLineConfigurationProvider);
    }

    /// <summary>The ports of one source as addresses: on every address of the machine.</summary>
    private static IEnumerable<string> Ports(IConfigurationProvider source, string key, string scheme)
    {
        if (!Names(source, key, out var ports))
            yield break;
        foreach (var port in ports.Split(';', StringSplitOptions.TrimEntries))
        {
            yield return port.Length > 0 && port.All(char.IsAsciiDigit) && int.TryParse(port, out var number) && number <= 65_535
                ? $"{scheme}://*:{number}"
                : throw new VerbSettingsException(key, port, "must be ports such as 8080, from 0 to 65535, separated by semicolons");
        }
    }

    private static bool CheckEndpoints(IConfigurationSection kestrel)
    {
        var endpoints = kestrel.GetSection("Endpoints").GetChildren().ToArray();
        foreach (var endpoint in endpoints)
        {
            if (endpoint.GetChildren().FirstOrDefault(setting => !EndpointKeys.Contains(setting.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
                throw new VerbSettingsException(unknown.Path, null, $"is not a known key; did you mean {endpoint.Path}:{NearestName.Of(unknown.Key, EndpointKeys)}?");
            if (!IsAddress(endpoint["Url"] ?? ""))
                throw new VerbSettingsException($"{endpoint.Path}:Url", endpoint["Url"] ?? "", $"must be an address such as https://*:443; {Hosts}");
            if (endpoint["Protocols"] is { } protocols && !Enum.TryParse<HttpProtocols>(protocols, ignoreCase: true, out _))
                throw new VerbSettingsException($"{endpoint.Path}:Protocols", protocols, $"must be one of {string.Join(", ", Enum.GetNames<HttpProtocols>())}");
        }

        return endpoints.Length > 0;
    }
}
