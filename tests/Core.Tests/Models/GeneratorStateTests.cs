using System.Buffers.Binary;
using Speedup.Abstractions;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Models;

public sealed class GeneratorStateTests
{
    [Fact]
    public void IsValid_OfAGeneratorAtRest_IsTrue()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);

        Assert.True(GeneratorState.IsValid(generator.get_state().bytes));

        rand(1000, generator: generator);
        Assert.True(GeneratorState.IsValid(generator.get_state().bytes));
    }

    /// <summary>What is read while another thread makes the next numbers: the native library ends the process over it.</summary>
    [Theory]
    [InlineData(8, 0)]
    [InlineData(8, 625)]
    [InlineData(12, 0)]
    [InlineData(16, 625)]
    public void IsValid_OfHalfAState_IsFalse(int offset, int value)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        byte[] state = generator.get_state().bytes.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(offset), value);

        Assert.False(GeneratorState.IsValid(state));
    }
}
