using System.Text;

namespace Verb.Server;

/// <summary>
/// Standard output and error of a server that must not depend on who reads them: a disk that is full and a terminal that is gone fail nothing,
/// and who does not read stops nothing.
/// </summary>
internal static class StandardStreams
{
    /// <summary>How long the last words may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>From here on what cannot be written is dropped.</summary>
    public static void OutliveTheirReaders()
    {
        Console.SetOut(Writer(Console.OpenStandardOutput()));
        Console.SetError(Writer(Console.OpenStandardError()));
    }

    /// <summary>Writes to the standard error output as the last thing; waits no longer than a reader may take.</summary>
    public static void Error(string text) => Task.Run(() => Console.Error.WriteLine(text)).Wait(Patience);

    /// <summary>Writes to the standard output once there is a reader.</summary>
    public static void Print(IEnumerable<string> lines) => new Thread(() =>
    {
        foreach (var line in lines)
            Console.WriteLine(line);
    }) { IsBackground = true, Name = "Greeting" }.Start();

    private static StreamWriter Writer(Stream stream) =>
        new(new UnfailingStream(stream), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
}
