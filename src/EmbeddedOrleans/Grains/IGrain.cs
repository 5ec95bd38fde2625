using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>Anything that has a grain's identity: a grain, or a reference to one.</summary>
    public interface IAddressable;
}

namespace Orleans
{
    /// <summary>Marks an interface whose methods are calls to a grain.</summary>
    public interface IGrain : IAddressable;

    /// <summary>A grain whose key is a <see cref="Guid"/>.</summary>
    public interface IGrainWithGuidKey : IGrain;

    /// <summary>A grain whose key is a number.</summary>
    public interface IGrainWithIntegerKey : IGrain;

    /// <summary>A grain whose key is text.</summary>
    public interface IGrainWithStringKey : IGrain;
}
