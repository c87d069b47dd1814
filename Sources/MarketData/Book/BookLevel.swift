/// One price level: an absolute quantity at a price; quantity zero removes the level.
public struct BookLevel: Sendable, Equatable {
  @usableFromInline var priceMantissa: Int64
  @usableFromInline var quantityMantissa: Int64
  @usableFromInline var priceScale: UInt8
  @usableFromInline var priceZeros: UInt8
  @usableFromInline var quantityScale: UInt8
  @usableFromInline var quantityZeros: UInt8

  /// Creates a level.
  @inlinable
  public init(price: FixedDecimal, quantity: FixedDecimal) {
    priceMantissa = price.mantissa
    priceScale = price.scale
    priceZeros = price.trailingZeros
    quantityMantissa = quantity.mantissa
    quantityScale = quantity.scale
    quantityZeros = quantity.trailingZeros
  }

  /// The price.
  @inlinable public var price: FixedDecimal {
    FixedDecimal(mantissa: priceMantissa, scale: priceScale, trailingZeros: priceZeros)
  }

  /// The quantity; zero removes the level.
  @inlinable public var quantity: FixedDecimal {
    FixedDecimal(mantissa: quantityMantissa, scale: quantityScale, trailingZeros: quantityZeros)
  }

  /// Whether price and quantity have the same values.
  @inlinable
  public static func == (left: BookLevel, right: BookLevel) -> Bool {
    left.price == right.price && left.quantity == right.quantity
  }
}
