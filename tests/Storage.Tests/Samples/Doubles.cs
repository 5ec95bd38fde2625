using FsCheck;
using FsCheck.Fluent;

namespace StatusMonitor.Storage.Tests.Samples;

/// <summary>Values as agents send them, and all others.</summary>
internal static class Doubles
{
    public static readonly double[] Awkward =
    [
        0, -0.0, 1, -1, 0.1, 0.2 + 0.1, 1.0 / 3, 100, 99.999999, 0.0000001, 0.000001, 1e-6 + 1e-15,
        double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, 2.2250738585072014e-308, 2.225073858507201e-308,
        1L << 53, (1L << 53) - 1, (1L << 53) + 2, -(1L << 53), 9_007_199_254.740991, 9_007_199_254.740993, ulong.MaxValue, long.MaxValue,
        4_294_967_295, 18_446_744_073_709_551_615, 1e21, 1e300, 123_456.789, 12.5, 4.35, 0.285, 1.005,
    ];

    public static readonly Gen<double> Any = Gen.OneOf(
        Gen.Elements(Awkward),
        // Every bit pattern that is a finite number.
        ArbMap.Default.GeneratorFor<ulong>().Select(bits => BitConverter.UInt64BitsToDouble(unchecked(bits * 0x9E37_79B9_7F4A_7C15))).Where(double.IsFinite),
        Gen.Choose(-1_000_000, 1_000_000).SelectMany(mantissa => Gen.Choose(0, 8), (mantissa, exponent) => Math.Round(mantissa / Math.Pow(10, exponent), exponent)),
        Gen.Choose(0, int.MaxValue).Select(counter => counter * 4_294_967_291.0));

    public static bool AreSame(double a, double b) => BitConverter.DoubleToUInt64Bits(a) == BitConverter.DoubleToUInt64Bits(b);
}
