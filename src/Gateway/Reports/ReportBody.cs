using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Mvc;
using StatusMonitor.Protocol;

namespace StatusMonitor.Gateway.Reports;

/// <summary>
/// A report's body in memory, unpacked, within the limits. What all bodies together may hold is bounded too; the room is given back by
/// <see cref="Dispose"/>.
/// </summary>
internal sealed class ReportBody : IDisposable
{
    private readonly ReportBodyBudget? _budget;
    private readonly int _reserved;
    private readonly PipeReader? _received;
    private readonly ReadOnlySequence<byte> _whole;
    private byte[] _buffer = [];
    private int _length;

    private ReportBody(ReportBodyBudget budget, int reserved)
    {
        _budget = budget;
        _reserved = reserved;
        _buffer = ArrayPool<byte>.Shared.Rent(reserved);
    }

    private ReportBody(PipeReader received, ReadOnlySequence<byte> whole) => (_received, _whole) = (received, whole);

    public ReadOnlySpan<byte> Bytes => _received is null ? _buffer.AsSpan(0, _length) : _whole.FirstSpan;

    public static async ValueTask<(ReportBody? Body, ProblemDetails? Problem)> ReadAsync(HttpRequest request, ReportBodyBudget budget)
    {
        var isPacked = IsGzip(request, out var problem);
        if (problem is not null) return (null, problem);
        if (request.ContentLength > ReportLimits.MaxBodyBytes) return (null, TooLarge("The body"));
        if (!isPacked && TryTakeReceived(request) is { } received) return (received, null);

        // What is not known beforehand counts as the largest it may become.
        var reserved = isPacked || request.ContentLength is null ? ReportLimits.MaxBodyBytes : (int)request.ContentLength.Value;
        if (!budget.TryReserve(reserved)) return (null, Problems.Busy());

        var body = new ReportBody(budget, reserved);
        try
        {
            problem = isPacked ? await body.UnpackAsync(request) : await body.FillAsync(request.Body, "The body", request.HttpContext.RequestAborted);
        }
        catch
        {
            body.Dispose();
            throw;
        }

        if (problem is null) return (body, null);
        body.Dispose();
        return (null, problem);
    }

    public void Dispose()
    {
        _received?.AdvanceTo(_whole.End);
        if (_buffer.Length == 0) return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _budget!.Release(_reserved);
    }

    /// <summary>A small body mostly came along with its header: it is read where it was received, without a copy and without taking more memory.</summary>
    private static ReportBody? TryTakeReceived(HttpRequest request)
    {
        var reader = request.BodyReader;
        if (request.ContentLength is not { } length || !reader.TryRead(out var result)) return null;
        if (result.Buffer.IsSingleSegment && result.Buffer.Length == length) return new ReportBody(reader, result.Buffer);
        reader.AdvanceTo(result.Buffer.Start);
        return null;
    }

    private static bool IsGzip(HttpRequest request, out ProblemDetails? problem)
    {
        problem = null;
        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding.Length == 0 || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)) return false;
        if (encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase)) return true;
        problem = Problems.BadRequest("The content encoding must be gzip or none.");
        return false;
    }

    private async ValueTask<ProblemDetails?> UnpackAsync(HttpRequest request)
    {
        try
        {
            await using var unpacked = new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true);
            return await FillAsync(unpacked, "The unpacked body", request.HttpContext.RequestAborted);
        }
        catch (InvalidDataException)
        {
            return Problems.BadRequest("The body is not valid gzip.");
        }
    }

    private async ValueTask<ProblemDetails?> FillAsync(Stream source, string what, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_length == _buffer.Length)
            {
                // Full to the brim: either that was all, or it is too large.
                var one = new byte[1];
                if (await source.ReadAsync(one, cancellationToken) == 0) return null;
                if (_length >= ReportLimits.MaxBodyBytes) return TooLarge(what);
                Grow();
                _buffer[_length++] = one[0];
                continue;
            }

            var read = await source.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
            if (read == 0) return _length > ReportLimits.MaxBodyBytes ? TooLarge(what) : null;
            _length += read;
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        Bytes.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private static ProblemDetails TooLarge(string what) => Problems.LimitExceeded(413, $"{what} is larger than {ReportLimits.MaxBodyBytes} bytes.");
}

/// <summary>The bytes that the bodies of all requests under way may take.</summary>
internal sealed class ReportBodyBudget(ServerOptions options)
{
    private long _free = options.MaxBodyBytesInFlight;

    /// <summary>What they take now.</summary>
    public long Taken => options.MaxBodyBytesInFlight - Volatile.Read(ref _free);

    public bool TryReserve(int bytes)
    {
        if (Interlocked.Add(ref _free, -bytes) >= 0) return true;
        Interlocked.Add(ref _free, bytes);
        return false;
    }

    public void Release(int bytes) => Interlocked.Add(ref _free, bytes);
}
