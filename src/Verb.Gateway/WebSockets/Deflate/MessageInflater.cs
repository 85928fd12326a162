using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.WebSockets.Deflate;

/// <summary>The receive side of one connection's deflate: its own inflater where context is kept, otherwise a lent one per message.</summary>
internal sealed class MessageInflater : IDisposable
{
    private readonly IDeflateEngine? _engine;
    private readonly InflaterPool? _pool;
    private readonly int _windowBits;
    private IInflater? _inflater;

    private MessageInflater(IDeflateEngine? engine, InflaterPool? pool, int windowBits)
    {
        _engine = engine;
        _pool = pool;
        _windowBits = windowBits;
    }

    /// <summary>Owns an inflater from the first compressed message on, with no larger a window than the client uses.</summary>
    public static MessageInflater WithContext(IDeflateEngine engine, int windowBits) => new(engine, null, windowBits);

    /// <summary>Holds an inflater only while a compressed message is under way.</summary>
    public static MessageInflater WithoutContext(InflaterPool pool) => new(null, pool, DeflateEngine.LargestWindowBits);

    /// <summary>
    /// As <see cref="IInflater.Inflate"/>. What a message leaves behind matters only where the context is kept: where it is not, nothing more is
    /// inflated once there is more than <paramref name="keep"/>.
    /// </summary>
    public InflateStatus Inflate(ReadOnlySpan<byte> input, PooledBuffer output, int keep, int limit, ref long skipped)
    {
        if (_pool is null)
            return Inflater().Inflate(input, output, keep, limit, ref skipped);
        if (skipped > 0)
        {
            skipped += input.Length;
            return InflateStatus.Ok;
        }

        return StopBeyond(Inflater().Inflate(input, output, keep, keep, ref skipped), keep, limit);
    }

    public InflateStatus FinishMessage(PooledBuffer output, int keep, int limit, ref long skipped)
    {
        if (_pool is null)
            return Inflater().FinishMessage(output, keep, limit, ref skipped);
        if (skipped > 0)
            return InflateStatus.Ok;

        var status = StopBeyond(Inflater().FinishMessage(output, keep, keep, ref skipped), keep, limit);
        LetGo();
        return status;
    }

    public void Dispose() => LetGo();

    private InflateStatus StopBeyond(InflateStatus status, int keep, int limit)
    {
        if (status != InflateStatus.TooBig || keep >= limit)
            return status;
        LetGo();
        return InflateStatus.Ok;
    }

    private IInflater Inflater() => _inflater ??= _pool?.Rent() ?? _engine!.CreateInflater(_windowBits);

    private void LetGo()
    {
        if (_inflater is null)
            return;
        if (_pool is not null)
            _pool.Return(_inflater);
        else
            _inflater.Dispose();
        _inflater = null;
    }
}
