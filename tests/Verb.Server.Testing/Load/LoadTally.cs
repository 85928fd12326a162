using System.Diagnostics;
using System.Globalization;
using Verb.Server.Testing.Clients;

namespace Verb.Server.Testing.Load;

/// <summary>What happened to all clients of a load together.</summary>
internal sealed class LoadTally
{
    private const int RefusalsKept = 5;

    private readonly Lock _lock = new();
    private readonly Milestones _milestones = new();
    private readonly SortedDictionary<string, int> _refusals = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, int> _closes = [];
    private readonly List<Admission> _admissions = [];
    private readonly List<ComeBack> _comeBacks = [];
    private readonly List<string> _firstRefusals = [];
    private readonly long _began = Stopwatch.GetTimestamp();
    private long _lastAcknowledged = Stopwatch.GetTimestamp();

    public int Acknowledged { get; private set; }

    public int SentAgain { get; private set; }

    public int Connections { get; private set; }

    /// <summary>How many handshakes were refused with 503.</summary>
    public int TurnedAway { get; private set; }

    /// <summary>Every handshake that a node took, in order.</summary>
    public IReadOnlyList<Admission> Admissions
    {
        get
        {
            lock (_lock)
                return [.. _admissions];
        }
    }

    /// <summary>Everyone who came back with what it had seen last, in order.</summary>
    public IReadOnlyList<ComeBack> ComeBacks
    {
        get
        {
            lock (_lock)
                return [.. _comeBacks];
        }
    }

    /// <summary>How long nobody got an acknowledgement, at the longest.</summary>
    public TimeSpan LongestPause { get; private set; }

    /// <summary>How often a command was refused, by code.</summary>
    public IReadOnlyDictionary<string, int> Refusals
    {
        get
        {
            lock (_lock)
                return _refusals.ToDictionary();
        }
    }

    /// <summary>How often a connection was closed, by code; 1006 where there was no close frame.</summary>
    public IReadOnlyDictionary<int, int> Closes
    {
        get
        {
            lock (_lock)
                return _closes.ToDictionary();
        }
    }

    /// <summary>Completes when so many have been acknowledged in all.</summary>
    public Task Reached(int acknowledged) => _milestones.Reached(acknowledged);

    public void Acknowledge()
    {
        lock (_lock)
        {
            Acknowledged++;
            var pause = Stopwatch.GetElapsedTime(_lastAcknowledged);
            LongestPause = pause > LongestPause ? pause : LongestPause;
            _lastAcknowledged = Stopwatch.GetTimestamp();
        }

        _milestones.Add();
    }

    public void Admit(ILoadNode node)
    {
        lock (_lock)
            _admissions.Add(new Admission(node.Name, Stopwatch.GetTimestamp()));
    }

    public void ComeBack(ComeBack comeBack)
    {
        lock (_lock)
            _comeBacks.Add(comeBack);
    }

    public void TurnAway()
    {
        lock (_lock)
            TurnedAway++;
    }

    /// <summary>The first refusals of each code, each with its time since the beginning.</summary>
    public IReadOnlyList<string> FirstRefusals
    {
        get
        {
            lock (_lock)
                return [.. _firstRefusals];
        }
    }

    public void Refuse(string code, string command)
    {
        lock (_lock)
        {
            _refusals[code] = _refusals.GetValueOrDefault(code) + 1;
            if (_refusals[code] <= RefusalsKept)
                _firstRefusals.Add(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_began).TotalSeconds:F1} s: {code} for {command}"));
        }
    }

    public void Close(int code)
    {
        lock (_lock)
            _closes[code] = _closes.GetValueOrDefault(code) + 1;
    }

    public void Connect(int sentAgain)
    {
        lock (_lock)
            (Connections, SentAgain) = (Connections + 1, SentAgain + sentAgain);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (_lock)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"{Acknowledged} acknowledged, {SentAgain} sent again after a loss, {Connections} connections, {TurnedAway} handshakes turned away; refused: {Listed(_refusals)}; "
                + $"closed: {Listed(_closes)}; longest pause {LongestPause.TotalMilliseconds:F0} ms");
        }
    }

    private static string Listed<T>(IEnumerable<KeyValuePair<T, int>> counts) =>
        string.Join(", ", counts.Select(count => $"{count.Key} × {count.Value}").DefaultIfEmpty("none"));
}
