using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Storage.Samples;

namespace StatusMonitor.Storage.Tests.Samples;

public sealed class VarIntTests
{
    [Theory]
    [InlineData(0UL, 1)]
    [InlineData(127UL, 1)]
    [InlineData(128UL, 2)]
    [InlineData(16_383UL, 2)]
    [InlineData(16_384UL, 3)]
    [InlineData(1UL << 62, 9)]
    [InlineData(1UL << 63, 10)]
    [InlineData(ulong.MaxValue, VarInt.MaxBytes)]
    public void ANumber_TakesAsManyBytesAsItNeeds_AndIsReadBack(ulong value, int bytes)
    {
        var buffer = new byte[VarInt.MaxBytes];
        var at = 0;

        Assert.Equal(bytes, VarInt.Write(buffer, value));
        Assert.Equal(value, VarInt.Read(buffer, ref at));
        Assert.Equal(bytes, at);
    }

    [Fact]
    public void AnyNumber_IsReadBack() => Prop.ForAll<ulong, byte>((value, shift) =>
    {
        // Spread over all lengths; small numbers alone would prove little.
        value = unchecked(value * 0x9E37_79B9_7F4A_7C15) >> (shift % 64);
        var buffer = new byte[VarInt.MaxBytes];
        var at = 0;
        var length = VarInt.Write(buffer, value);
        return VarInt.Read(buffer.AsSpan(0, length), ref at) == value && at == length;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0L, 0UL)]
    [InlineData(-1L, 1UL)]
    [InlineData(1L, 2UL)]
    [InlineData(-2L, 3UL)]
    [InlineData(long.MaxValue, ulong.MaxValue - 1)]
    [InlineData(long.MinValue, ulong.MaxValue)]
    public void ASignedNumber_StaysSmall_AndComesBack(long value, ulong zigzag)
    {
        Assert.Equal(zigzag, VarInt.ZigZag(value));
        Assert.Equal(value, VarInt.UnZigZag(zigzag));
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0x80 })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF })]
    public void ANumberThatIsCutOff_IsRefused(byte[] bytes)
    {
        var exception = Assert.Throws<InvalidDataException>(() =>
        {
            var at = 0;
            return VarInt.Read(bytes, ref at);
        });

        Assert.Equal("A stored number is cut off.", exception.Message);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00 })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02 })]
    public void ANumberOfMoreThan64Bits_IsRefused(byte[] bytes) => Assert.Throws<InvalidDataException>(() =>
    {
        var at = 0;
        return VarInt.Read(bytes, ref at);
    });
}
