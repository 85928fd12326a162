using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Verb.Gateway.Settings;

namespace Verb.Server;

/// <summary>Asks a running server whether it is ready: for containers, whose images hold no shell and no curl.</summary>
internal static class HealthCheck
{
    public const string Word = "healthcheck";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Prints the server's answer; exit code 0 where it is ready, 1 where it is not.</summary>
    /// <param name="arguments">The address, or nothing: the first that the environment names, or where the server listens by itself.</param>
    /// <param name="environment">The environment's settings.</param>
    public static int Run(ReadOnlySpan<string> arguments, IConfigurationRoot environment)
    {
        if (arguments.Length > 1 || !TryAddress(arguments.Length == 1 ? arguments[0] : Configured(environment), out var address))
        {
            Console.Error.WriteLine($"{Word} takes one address such as {Listening.Default}, or none.");
            return 2;
        }

        try
        {
            using var client = new HttpClient(Direct()) { Timeout = Patience };
            using var answer = client.Send(new HttpRequestMessage(HttpMethod.Get, new Uri(address, "/health/ready")));
            using var body = new StreamReader(answer.Content.ReadAsStream());
            Console.WriteLine(body.ReadToEnd());
            return answer.StatusCode == HttpStatusCode.OK ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            Console.Error.WriteLine($"{address} does not answer: {e.Message}");
            return 1;
        }
    }

    /// <summary>Where the server listens, as it can be reached from here: not <c>*</c> and not <c>0.0.0.0</c>.</summary>
    internal static bool TryAddress(string text, out Uri address)
    {
        address = new Uri(Listening.Default);
        BindingAddress binding;
        try
        {
            binding = BindingAddress.Parse(text.Trim());
        }
        catch (FormatException)
        {
            return false;
        }

        if (binding.Scheme is not ("http" or "https") || binding.Port is < 1 or > 65_535 || binding.IsUnixPipe)
            return false;
        var host = binding.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : binding.Host;
        return Uri.TryCreate($"{binding.Scheme}://{host}:{binding.Port}", UriKind.Absolute, out address!);
    }

    /// <summary>The first address that the environment names, as the server takes them.</summary>
    internal static string Configured(IConfigurationRoot environment)
    {
        try
        {
            return Listening.Configured(environment)?[0] ?? Listening.Default;
        }
        catch (VerbSettingsException)
        {
            return ""; // The server does not start with it, either.
        }
    }

    /// <summary>The environment as the server reads it, later sources winning.</summary>
    internal static IConfigurationRoot Environment() =>
        new ConfigurationBuilder().AddEnvironmentVariables("DOTNET_").AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables().Build();

    /// <summary>No proxy of the environment stands before a server of this machine, nor does it know this machine's names.</summary>
    private static SocketsHttpHandler Direct() => new() { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = Accept } };

    /// <summary>A server of this machine has a certificate for its public name, not for localhost.</summary>
    private static bool Accept(object request, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None || request is HttpRequestMessage { RequestUri.IsLoopback: true };
}
