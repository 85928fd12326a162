using System.Diagnostics;

namespace Verb.Storage.Tests.Sqlite;

/// <summary>A process that appends until it is killed, and what it said was acknowledged.</summary>
public sealed class CrashWriter
{
    public List<(string Room, long Seq, string MessageId)> Acknowledged { get; } = [];

    public Dictionary<string, string> Epochs { get; } = [];

    /// <summary>Starts it, waits for so many acknowledgements, kills it in mid-flight and reads what it still said.</summary>
    public void Run(string database, int rooms, int acknowledgements)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Verb.Storage.CrashWriter.dll"));
        start.ArgumentList.Add(database);
        start.ArgumentList.Add($"{rooms}");
        using var process = Process.Start(start)!;
        var until = Acknowledged.Count + acknowledgements;
        var killed = false;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            Note(line.Split(' '));
            if (killed || Acknowledged.Count < until)
                continue;
            process.Kill();
            killed = true;
        }

        process.WaitForExit();
        killed.ShouldBeTrue("the writer ended by itself");
    }

    private void Note(string[] words)
    {
        // The last line may have been cut by the kill.
        if (words is ["ack", var room, var seq, { Length: 32 } id])
            Acknowledged.Add((room, long.Parse(seq), id));
        else if (words is ["open", var opened, { Length: 32 } epoch])
            (Epochs.TryAdd(opened, epoch) || Epochs[opened] == epoch).ShouldBeTrue("the epoch changed");
    }
}
