using System.Text.Json.Serialization;

namespace Speedup.Abstractions;

/// <summary>Why an index that could have been removed is kept.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KeepCause>))]
public enum KeepCause
{
    /// <summary>An operator without a handler, or one that cannot change this axis.</summary>
    Barrier,

    /// <summary>The model's own input or output: its shape is a promise to the caller.</summary>
    Boundary,

    /// <summary>It carries the constants of a zero-padded consumer, exact at the border.</summary>
    Carrier,

    /// <summary>Groups must keep equal counts.</summary>
    EqualGroups,

    /// <summary>Every index of the axis could go; one stays so that the network runs.</summary>
    LastIndex,

    /// <summary>It is tied to an index that carries information.</summary>
    Aligned,

    /// <summary>A size is hard-coded in the source or in a field.</summary>
    HardCodedSize,

    /// <summary>Its constant cannot be folded into the consumer.</summary>
    Unfoldable,

    /// <summary>A parameter is shared in a way that does not allow it.</summary>
    Shared,

    /// <summary>A field of the model is declared as a type that cannot hold the smaller module.</summary>
    FieldType,

    /// <summary>How much of the axis is read, or what is done with it, depends on the size of the model's input.</summary>
    SizeDependent,
}
